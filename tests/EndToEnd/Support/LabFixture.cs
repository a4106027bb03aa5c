using System.Diagnostics;
using System.Text.Json;

namespace PostgresHa.EndToEnd.Support;

/// <summary>A lab with the stack applied, for all tests; gone when they are done.</summary>
public sealed class LabFixture : IDisposable
{
    /// <summary>Of a name of its own where another lab runs on the same machine.</summary>
    public static string NetworkNamespace { get; } =
        Environment.GetEnvironmentVariable("PGHA_E2E_NAMESPACE") is { Length: > 0 } named ? named : StackCopy.CommittedNamespace;

    /// <summary>The namespace of one host, as the lab names it.</summary>
    public static string NamespaceOf(string host) => NetworkNamespace[..^"lab".Length] + host;

    /// <summary>What lab is made, as options of <c>lab up</c>: for instance <c>--strict --release standby1=bookworm</c>.</summary>
    public static IReadOnlyList<string> Options { get; } =
        (Environment.GetEnvironmentVariable("PGHA_E2E_LAB") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public const string Vip = "10.0.12.10";

    /// <summary>Within this time a cluster that nobody touches is healthy again.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromSeconds(120);

    // The first lab of a machine compiles PostgreSQL and etcd.
    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(45);

    // Less what each look at a host leaves there.
    private const string HostJournal =
        "journalctl -b -p notice --no-pager -o short-iso | grep -Ev 'pam_env|sudo.*COMMAND=|pam_unix' | tail -n 60";

    // So many tests in a row that could not begin, and the lab is given up: what a run has to say is said then, and not at its time limit.
    private const int HopelessAfter = 2;

    private Lazy<IReadOnlyDictionary<string, string>> _secrets;
    private int _failedBegins;

    public LabFixture()
    {
        _secrets = new Lazy<IReadOnlyDictionary<string, string>>(ReadSecrets);
        if (!Wanted)
        {
            return;
        }

        Assert.True(Environment.IsPrivilegedProcess, "the end-to-end tests make a lab, which takes root");
        var root = Root();
        Stack = new StackCopy(
            root, Environment.GetEnvironmentVariable("PGHA_E2E_FOLDER") is { Length: > 0 } folder ? folder : "/var/tmp/pgha-e2e");
        Pgha = new Pgha(root, Stack.Folder);
        using var arguments = new ArgumentSampler();
        FirstUp = Pgha.Run(UpLimit, null, secret: false, ["lab", "up", "--engine", "offline", .. Options]);
        ArgumentsDuringFirstUp = arguments.Stop();
        Console.WriteLine(FirstUp.All);
        FirstUp.Succeeded("lab up");
    }

    public static bool Wanted => Environment.GetEnvironmentVariable("PGHA_E2E") is { Length: > 0 } and not "0";

    public static IReadOnlyDictionary<string, string> Hosts { get; } = new Dictionary<string, string>
    {
        ["mdw"] = "10.0.12.9",
        ["standby"] = "10.0.12.4",
        ["standby1"] = "10.0.16.11",
    };

    public StackCopy Stack { get; } = null!;

    public Pgha Pgha { get; } = null!;

    /// <summary>What the first <c>lab up</c> said.</summary>
    public Answer FirstUp { get; } = null!;

    /// <summary>Every command line that any process had meanwhile.</summary>
    public IReadOnlyList<string> ArgumentsDuringFirstUp { get; } = [];

    /// <summary>The stack's secret outputs by name.</summary>
    public IReadOnlyDictionary<string, string> Secrets => _secrets.Value;

    /// <summary>The outputs are read anew when they are needed again.</summary>
    public void ForgetSecrets() => _secrets = new Lazy<IReadOnlyDictionary<string, string>>(ReadSecrets);

    public Database Database => new(Vip, Secrets["applicationPassword"]);

    /// <summary>
    /// The state that every test begins with: the committed stack, applied, and healthy. What a test before left is undone.
    /// </summary>
    public void Begin()
    {
        if (!Wanted)
        {
            return;
        }

        Assert.True(
            _failedBegins < HopelessAfter,
            $"{HopelessAfter} tests could not begin, see those: the lab is not what a test can begin with");
        _failedBegins++;
        Stack.Reset();
        var up = Pgha.Run(TimeSpan.FromMinutes(10), null, secret: false, "up");
        if (up.All.Contains("./pgha migrate", StringComparison.Ordinal))
        {
            // Directories and names that a test of them did not bring back.
            up = Pgha.Run(TimeSpan.FromMinutes(10), null, secret: false, "migrate");
        }

        up.Succeeded("up, before the test");
        WaitUntilHealthy(Settled);
        _failedBegins = 0;
    }

    /// <summary>The cluster's state.</summary>
    public (bool Healthy, JsonElement Status) Status(params string[] options)
    {
        var answer = Pgha.Run(["status", "--json", .. options]);
        return answer.Output.TrimStart().StartsWith('{')
            ? (answer.Code == 0, JsonDocument.Parse(answer.Output).RootElement)
            : throw new InvalidOperationException($"status --json ended with {answer.Code} and no JSON:\n{answer.All}");
    }

    /// <summary>Waits until the cluster is healthy.</summary>
    /// <returns>How long that took.</returns>
    public TimeSpan WaitUntilHealthy(TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var (healthy, status) = Status();
            if (healthy)
            {
                return Stopwatch.GetElapsedTime(started);
            }

            if (Stopwatch.GetElapsedTime(started) > limit)
            {
                var journals = string.Concat(Hosts.Keys.Select(host =>
                    $"\n--- {host} ---\n{Pgha.OnHost(host, HostJournal).All}"));
                Assert.Fail(
                    $"not healthy after {limit.TotalSeconds:0} s: {status.GetProperty("verdict").GetString()}\n"
                    + $"{status.GetProperty("problems")}{journals}");
            }

            Thread.Sleep(1000);
        }
    }

    /// <summary>Name of the leader.</summary>
    public string Leader() => Status().Status.GetProperty("leader").GetString()!;

    public void Dispose()
    {
        if (Wanted && Environment.GetEnvironmentVariable("PGHA_E2E_KEEP") is not { Length: > 0 })
        {
            Pgha.Run("lab", "down").Succeeded("lab down");
        }
    }

    /// <summary>Root of the project.</summary>
    public static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pgha")) && File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("no project above " + AppContext.BaseDirectory);
    }

    private Dictionary<string, string> ReadSecrets()
    {
        var answer = Pgha.Run(TimeSpan.FromMinutes(1), null, secret: true, "outputs", "--json", "--show-secrets").Succeeded("outputs");
        return JsonDocument.Parse(answer.Output).RootElement.EnumerateObject()
            .Where(static output => output.Value.ValueKind == JsonValueKind.String)
            .Where(static output => output.Name.EndsWith("Password", StringComparison.Ordinal))
            .ToDictionary(static output => output.Name, static output => output.Value.GetString()!, StringComparer.Ordinal);
    }
}
