using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PostgresHa.Offline;

namespace PostgresHa.Tests.Engine;

/// <summary>An SSH server of this test's own: loopback address, a free port, keys and files in a temporary folder.</summary>
public sealed class SshServer : IAsyncLifetime
{
    private const string Daemon = "/usr/sbin/sshd";

    private readonly string _folder = Directory.CreateTempSubdirectory("pgha-sshd-").FullName;
    private Process? _process;

    public static string? Missing =>
        File.Exists(Daemon) && File.Exists("/usr/bin/ssh") ? null : "needs sshd and ssh on this machine (package openssh-server)";

    public int Port { get; } = FreePort();

    /// <summary>Further lines of its configuration.</summary>
    public string More { get; init; } = string.Empty;

    /// <summary>The types of its host keys, as ssh-keygen takes them. Default one of ed25519.</summary>
    public IReadOnlyList<string> HostKeyTypes { get; init; } = ["ed25519"];

    /// <summary>Its host keys by type.</summary>
    public IReadOnlyDictionary<string, string> HostKeys { get; private set; } = new Dictionary<string, string>();

    public string HostKey => HostKeys[HostKeyTypes[0]];

    public string PrivateKey { get; private set; } = string.Empty;

    public SshConnection Connection => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        User = Environment.UserName,
        HostKey = HostKey,
        PrivateKey = PrivateKey,
        DialErrorLimit = 2,
        PerDialTimeout = 5,
    };

    /// <summary>How often somebody logged in.</summary>
    public int Logins => Log.Split('\n').Count(line => line.Contains("Accepted publickey", StringComparison.Ordinal));

    public string Log => File.Exists(LogPath) ? File.ReadAllText(LogPath) : string.Empty;

    private string LogPath => Path.Combine(_folder, "log");

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string NewKey(string path, string type = "ed25519")
    {
        using var generate = Process.Start("ssh-keygen", ["-q", "-t", type, "-N", "", "-C", "test", "-f", path]);
        generate.WaitForExit();
        return File.ReadAllText(path + ".pub").Trim();
    }

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        HostKeys = HostKeyTypes.ToDictionary(type => type, type => NewKey(Path.Combine(_folder, "host-" + type), type));
        var login = NewKey(Path.Combine(_folder, "login"));
        PrivateKey = await File.ReadAllTextAsync(Path.Combine(_folder, "login"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "authorized"), login + "\n");
        await File.WriteAllTextAsync(Path.Combine(_folder, "config"), string.Create(CultureInfo.InvariantCulture, $"""
            Port {Port}
            ListenAddress 127.0.0.1
            {string.Concat(HostKeyTypes.Select(type => $"HostKey {_folder}/host-{type}\n"))}
            AuthorizedKeysFile {_folder}/authorized
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            LogLevel VERBOSE
            {More}

            """));
        if (Environment.UserName == "root")
        {
            Directory.CreateDirectory("/run/sshd");
        }

        Start();
        await Soon.BeSoAsync(() => Log.Contains("Server listening", StringComparison.Ordinal), () => "sshd did not start: " + Log);
    }

    public void Start()
    {
        _process = Process.Start(Daemon, ["-D", "-f", Path.Combine(_folder, "config"), "-E", LogPath]);
    }

    public void Stop()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
    }

    public Task DisposeAsync()
    {
        Stop();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }
}

/// <summary>A test that needs an SSH server, skipped with the reason where there is none.</summary>
public sealed class SshFactAttribute : FactAttribute
{
    public SshFactAttribute() => Skip = SshServer.Missing;
}

/// <summary>A theory that needs an SSH server, skipped with the reason where there is none.</summary>
public sealed class SshTheoryAttribute : TheoryAttribute
{
    public SshTheoryAttribute() => Skip = SshServer.Missing;
}

/// <summary>The tests that share one server; one after the other, so that each can tell what its own run left behind.</summary>
[CollectionDefinition("ssh")]
public sealed class SshCollection : ICollectionFixture<SshServer>;
