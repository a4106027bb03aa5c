using System.Net.Sockets;
using System.Text.Json;

namespace PostgresHa.Lab.Repository;

/// <summary>Starts the package repository, and tells whether it answers.</summary>
internal sealed class RepositoryService(LabDefinition definition, LabPaths paths, ControlGroups groups)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes sure that the repository runs, in this very build and with these mirrors.</summary>
    public async Task EnsureAsync(IReadOnlyList<MirrorSet> mirrors, CancellationToken cancellation)
    {
        var settings = Settings(mirrors);
        if (await BuildAsync(cancellation) == settings.Build)
        {
            return;
        }

        await ControlGroups.KillAsync(groups.Services, cancellation);
        await DeployAsync(settings, cancellation);
        ControlGroups.Create(groups.Services);
        Directory.CreateDirectory(paths.Logs);
        var environment = new Dictionary<string, string>
        {
            ["LAB_LOG"] = Path.Combine(paths.Logs, "repository.log"),
            ["LAB_CGROUP"] = groups.Services,
            ["LAB_DOTNET"] = Runtime(),
            ["LAB_SERVER"] = paths.Server,
            ["LAB_NETNS"] = definition.NetworkNamespace,
            ["LAB_GATEWAY"] = definition.Gateway,
            ["LAB_SOCKET"] = paths.Socket,
            ["LAB_TIME"] = definition.Hosts.Any(host => host.IsVirtualMachine) ? "yes" : string.Empty,
        };
        await Command.RequireAsync(
            ["setsid", "--fork", "bash", Path.Combine(paths.Scripts, "repository.sh")], environment: environment,
            cancellation: cancellation);
    }

    /// <summary>Waits until it answers.</summary>
    public async Task WaitAsync(CancellationToken cancellation)
    {
        if (await Wait.UntilAsync(
            async () => await AnswersAsync(cancellation) ? null : "no answer", StartLimit, Poll, cancellation) is not null)
        {
            var log = Path.Combine(paths.Logs, "repository.log");
            throw new LabException(
                "the package repository does not answer. Its log, "
                + $"{log}:\n{(File.Exists(log) ? Command.Tail(File.ReadAllText(log), 15) : "  (none)")}");
        }
    }

    /// <summary>Whether it answers.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellation) => await BuildAsync(cancellation) is not null;

    /// <summary>Downloads what it serves at a path, through its cache.</summary>
    /// <returns>False when it has no such file.</returns>
    public async Task<bool> DownloadAsync(string path, string target, CancellationToken cancellation)
    {
        using var client = Client(TimeSpan.FromMinutes(10));
        using var response = await client.GetAsync(
            ArchivePath.At("http://repository", path), HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            return false;
        }

        await using var file = File.Create(target);
        await response.Content.CopyToAsync(file, cancellation);
        return true;
    }

    private async Task<string?> BuildAsync(CancellationToken cancellation)
    {
        if (!File.Exists(paths.Socket))
        {
            return null;
        }

        using var client = Client(TimeSpan.FromSeconds(5));
        try
        {
            return await client.GetStringAsync(new Uri("build", UriKind.Relative), cancellation);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private HttpClient Client(TimeSpan timeout) => new(new SocketsHttpHandler
    {
        // It is reached by its socket; a proxy in the environment is none for it.
        UseProxy = false,
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(paths.Socket), token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://repository/"),
        Timeout = timeout,
    };

    private RepositorySettings Settings(IReadOnlyList<MirrorSet> mirrors) => new()
    {
        Socket = paths.Socket,
        Archives = mirrors.SelectMany(static set => set.Archives).GroupBy(static archive => archive.Key)
            .ToDictionary(
                static archive => archive.Key,
                IReadOnlyList<string> (archive) => [.. archive.Select(static entry => entry.Value).Distinct()]),
        Proxy = mirrors[0].Proxy,
        Packages = paths.Packages,
        Sources = paths.Sources,
        Wheels = paths.Wheels,
        Artefacts = paths.Artefacts,
        Build = string.Join(
            ' ',
            [typeof(RepositoryService).Module.ModuleVersionId, .. mirrors.SelectMany(static set => set.Archives.Values), mirrors[0].Proxy]),
    };

    /// <summary>Copies the program: the project may be built anew, or be gone, while its lab runs.</summary>
    private async Task DeployAsync(RepositorySettings settings, CancellationToken cancellation)
    {
        Directory.CreateDirectory(paths.Server);
        AtomicFile.Copy(typeof(RepositoryService).Assembly.Location, Path.Combine(paths.Server, "PostgresHa.Lab.dll"));
        var version = Environment.Version.ToString(3);
        var runtime = new
        {
            runtimeOptions = new
            {
                tfm = "net10.0",
                frameworks = new[] { new { name = "Microsoft.NETCore.App", version }, new { name = "Microsoft.AspNetCore.App", version } },
                configProperties = new Dictionary<string, bool>
                {
                    ["System.Globalization.Invariant"] = true,
                    ["System.GC.Concurrent"] = false,
                },
            },
        };
        await AtomicFile.WriteAsync(
            Path.Combine(paths.Server, "PostgresHa.Lab.runtimeconfig.json"), JsonSerializer.Serialize(runtime), cancellation);
        await AtomicFile.WriteAsync(
            Path.Combine(paths.Server, "repository.json"), JsonSerializer.Serialize(settings, RepositorySettings.Json), cancellation);
    }

    private static string Runtime()
    {
        // The program that runs this process lies three folders above its framework: shared/Microsoft.NETCore.App/10.0.x.
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var program = Path.GetFullPath(Path.Combine(framework, "..", "..", "..", "dotnet"));
        return File.Exists(program) ? program : Command.Find("dotnet") ?? throw new LabException("dotnet was not found; add it to PATH");
    }
}
