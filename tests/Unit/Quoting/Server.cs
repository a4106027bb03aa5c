using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PostgresHa.Tests.Unit.Quoting;

/// <summary>A program that serves on the loopback address until the test is over.</summary>
internal sealed class Server : IDisposable
{
    private readonly Process process;
    private readonly List<string> said = [];

    private Server(string program, string[] arguments)
    {
        process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program and waits until something answers on a port.</summary>
    public static async Task<Server> StartAsync(int port, string program, params string[] arguments)
    {
        var server = new Server(program, arguments);
        var patience = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port);
                return server;
            }
            catch (SocketException) when (!server.process.HasExited && patience.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(20);
            }
            catch (SocketException)
            {
                var end = server.process.HasExited ? $"ended with {server.process.ExitCode}" : "does not listen";
                server.Dispose();
                throw new InvalidOperationException($"{program} {end}:\n{server.Said()}");
            }
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }

        process.WaitForExit();
        process.Dispose();
    }

    private string Said()
    {
        lock (said)
        {
            return string.Join('\n', said);
        }
    }

    private void Hear(string? line)
    {
        lock (said)
        {
            said.Add(line ?? "");
        }
    }
}
