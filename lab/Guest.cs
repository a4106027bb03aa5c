using System.Diagnostics;
using System.Globalization;

namespace PostgresHa.Lab;

/// <summary>What is seen of a running container from outside, by the first process of its systemd.</summary>
internal static class Guest
{
    /// <summary>Runs a command inside, as root.</summary>
    public static Task<CommandResult> RunAsync(int init, IReadOnlyList<string> command, CancellationToken cancellation) =>
        Command.RunAsync(
            [
                "nsenter", "--target", init.ToString(CultureInfo.InvariantCulture),
                "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--", .. command,
            ],
            TimeSpan.FromSeconds(15),
            cancellation: cancellation);

    /// <summary>Whether sshd listens and users are let in, as the host's own run-time files show it.</summary>
    public static bool IsOpen(int init) =>
        File.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{init}/root/run/sshd.pid"))
        && !File.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{init}/root/run/nologin"));

    /// <summary>Time since it booted; null when it runs no more.</summary>
    public static TimeSpan? Uptime(int init)
    {
        try
        {
            return DateTime.Now - Process.GetProcessById(init).StartTime;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
