using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using PostgresHa.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>This machine's PgBouncer, run with a configuration of ours as far as a login goes: no PostgreSQL is behind it.</summary>
internal sealed partial class RunningPgBouncer : IDisposable
{
    private const int ProtocolVersion = 196608;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly TemporaryProject _folder = new();
    private readonly Process _process;
    private readonly int _port;

    private RunningPgBouncer(string configuration)
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        _port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();

        // The host's address, folders and secrets are not here, nor a database: a login that goes on ends with that.
        var text = Address().Replace(configuration, "listen_addr = 127.0.0.1");
        text = Port().Replace(text, "listen_port = " + _port.ToString(CultureInfo.InvariantCulture));
        text = Host().Replace(text, "unix_socket_dir =\nauth_type = any");
        text = Authentication().Replace(text, "");
        var authority = new CertificateAuthority("orders", "seed");
        _folder.Write("postgres.crt.key", SampleRequest.Key);
        _folder.Write("postgres.crt", authority.Sign(SampleRequest.Request, ["db1"], [Endpoint.Loopback], DateTimeOffset.UtcNow));
        _folder.Write("ca.crt", authority.Certificate);
        text = text.Replace(CertificateFiles.Folder, _folder.Folder, StringComparison.Ordinal);
        _folder.Write("pgbouncer.ini", text.Replace("* = host=", "another = host=", StringComparison.Ordinal));
        // It refuses to run as root.
        string[] command = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];
        string[] words = [.. command, Programs.Path("pgbouncer"), Path.Join(_folder.Folder, "pgbouncer.ini")];
        Programs.Accepts("chmod", "-R", "o+rX", _folder.Folder);
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
    }

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<RunningPgBouncer> StartAsync(string configuration)
    {
        var server = new RunningPgBouncer(configuration);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, server._port);
                return server;
            }
            catch (SocketException) when (clock.Elapsed < Patience && !server._process.HasExited)
            {
                await Task.Delay(20);
            }
            catch (SocketException)
            {
                server._process.Kill();
                throw new InvalidOperationException(await server._process.StandardError.ReadToEndAsync());
            }
        }
    }

    /// <summary>What the tools' module certificate-shown says of it.</summary>
    /// <param name="certificate">PEM that clients are to be shown; null for none.</param>
    public string Judge(string? certificate)
    {
        _folder.Write("certificate-shown.py", Templates.Read("certificates/certificate-shown.py"));
        _folder.Write("asked.crt", certificate ?? "");
        var path = certificate is null ? "None" : $"'{Path.Join(_folder.Folder, "asked.crt")}'";
        return Programs.Output(
            "python3",
            "-c",
            "import importlib, sys; sys.path.insert(0, sys.argv[1]); "
            + $"print(importlib.import_module('certificate-shown').problem({path}, '127.0.0.1', int(sys.argv[2])))",
            _folder.Folder,
            _port.ToString(CultureInfo.InvariantCulture)).Trim();
    }

    /// <summary>The certificate that it was given.</summary>
    public string Certificate => File.ReadAllText(Path.Join(_folder.Folder, "postgres.crt"));

    /// <summary>What a client is told that sends these parameters at login: an error, since it has no database to offer.</summary>
    /// <exception cref="OperationCanceledException">There is no answer.</exception>
    public async Task<string> AnswerAsync(params (string Name, string Value)[] parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _port, limit.Token);
        var body = string.Concat(
            parameters.Prepend(("database", "app")).Prepend(("user", "app")).Select(static pair => $"{pair.Item1}\0{pair.Item2}\0")) + "\0";
        var message = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), ProtocolVersion);
        Encoding.ASCII.GetBytes(body, message.AsSpan(8));
        var stream = client.GetStream();
        await stream.WriteAsync(message, limit.Token);
        var answer = new byte[1024];
        var length = await stream.ReadAsync(answer, limit.Token);
        return Encoding.ASCII.GetString(answer, 0, length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // One that loops would not heed anything gentler.
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex("^listen_addr = .*$", RegexOptions.Multiline)]
    private static partial Regex Address();

    [GeneratedRegex("^listen_port = .*$", RegexOptions.Multiline)]
    private static partial Regex Port();

    [GeneratedRegex("^unix_socket_dir = .*$", RegexOptions.Multiline)]
    private static partial Regex Host();

    [GeneratedRegex("^(auth_type = scram.*|auth_file.*|auth_user.*|auth_query.*|%include.*)$", RegexOptions.Multiline)]
    private static partial Regex Authentication();
}
