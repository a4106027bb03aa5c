using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PostgresHa.Offline;

/// <summary>One run of the OpenSSH client.</summary>
internal sealed class SshProcess : IAsyncDisposable
{
    private const string InOwnSession = "/usr/bin/setsid";

    private readonly Process _process;
    private readonly FileStream? _memory;
    private readonly Task<string> _stdout;
    private readonly Task<string> _stderr;

    private SshProcess(Process process, FileStream? memory, Action<string, bool>? onLine)
    {
        _process = process;
        _memory = memory;
        _stdout = ReadAsync(process.StandardOutput, line => onLine?.Invoke(line, false));
        _stderr = ReadAsync(process.StandardError, line => onLine?.Invoke(line, true));
    }

    internal bool HasExited
    {
        get
        {
            try
            {
                return _process.HasExited;
            }
            catch (InvalidOperationException)
            {
                // Disposed meanwhile by whoever connects anew.
                return true;
            }
        }
    }

    /// <summary>Starts the client.</summary>
    /// <param name="arguments">Its arguments; visible to every user of this machine.</param>
    /// <param name="stdin">What it reads; null to keep its standard input open until <see cref="DisposeAsync"/>.</param>
    /// <param name="environment">Variables set for it.</param>
    /// <param name="onLine">Told of each line; true for standard error.</param>
    internal static SshProcess Start(
        IEnumerable<string> arguments, string? stdin, IReadOnlyDictionary<string, string> environment, Action<string, bool>? onLine)
    {
        // Standard input comes whole from memory: were it a pipe from this process, killing this process half-way would look to the host
        // like the end of the data.
        var memory = stdin is { Length: > 0 } ? ToMemory(stdin) : null;
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = memory is null,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // A session of its own: Ctrl-C in the terminal is for this program, which lets running commands finish.
        var client = File.Exists(InOwnSession) ? $"exec {InOwnSession} ssh \"$@\"" : "exec ssh \"$@\"";
        var source = memory is null ? string.Empty : string.Create(
            CultureInfo.InvariantCulture, $" < /proc/{Environment.ProcessId}/fd/{memory.SafeFileHandle.DangerousGetHandle()}");
        foreach (var argument in (string[])["-c", client + source, "sh", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Remove("SSH_ASKPASS");
        start.Environment.Remove("DISPLAY");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start) ?? throw new SshException("The ssh client could not be started.");
        if (memory is null && stdin is not null)
        {
            if (stdin.Length > 0)
            {
                process.StandardInput.Write(stdin);
            }

            process.StandardInput.Close();
        }

        return new SshProcess(process, memory, onLine);
    }

    internal async Task<SshResult> WaitAsync(CancellationToken kill)
    {
        try
        {
            await _process.WaitForExitAsync(kill);
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw;
        }

        return new SshResult(_process.ExitCode, await _stdout, await _stderr);
    }

    internal void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            if (_process.StartInfo.RedirectStandardInput)
            {
                _process.StandardInput.Close();
            }

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
            }
        }

        _process.Dispose();
        if (_memory is not null)
        {
            await _memory.DisposeAsync();
        }
    }

    private static FileStream? ToMemory(string stdin)
    {
        if (!OperatingSystem.IsLinux() || Native.CreateMemoryFile("pgha-stdin") is not { } handle)
        {
            return null;
        }

        var memory = new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0);
        memory.Write(Encoding.UTF8.GetBytes(stdin));
        return memory;
    }

    private static async Task<string> ReadAsync(StreamReader reader, Action<string> onLine)
    {
        var all = new StringBuilder();
        var line = new StringBuilder();
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            all.Append(buffer, 0, count);
            foreach (var c in buffer.AsSpan(0, count))
            {
                if (c is '\n' or '\r')
                {
                    Flush();
                }
                else
                {
                    line.Append(c);
                }
            }
        }

        Flush();
        return all.ToString();

        void Flush()
        {
            if (line.Length > 0)
            {
                onLine(line.ToString());
                line.Clear();
            }
        }
    }
}
