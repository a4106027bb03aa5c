using System.Runtime.InteropServices;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>Takes a command into the network namespace from which alone its stack's hosts may be dialled.</summary>
public static partial class NamespaceEntry
{
    private static readonly string[] Folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"];

    /// <summary>
    /// Returns when this process runs where it may dial the hosts; otherwise it becomes one that does, with the same arguments.
    /// </summary>
    /// <param name="cluster">The stack's cluster.</param>
    /// <param name="keepMounts">
    /// Whether mounts stay the machine's own. Otherwise /sys shows the namespace's devices, at the price that no control group is seen.
    /// </param>
    /// <exception cref="CommandException">The namespace is not there, or this user may not enter it.</exception>
    public static void Enter(ClusterSpecification cluster, bool keepMounts = false)
    {
        if (cluster.Ssh.NetworkNamespace is not { } name || NetworkNamespace.IsCurrent(name))
        {
            return;
        }

        RequireEnterable(name);
        // The process is replaced, not followed by a second one: a signal, also a kill, reaches the one that works.
        IReadOnlyList<string> self = [Environment.ProcessPath!, .. Self()];
        var command = keepMounts
            ? [Tool("nsenter", "util-linux"), $"--net={NetworkNamespace.Folder}/{name}", "--", .. self]
            : Inside(name, self);
        _ = Execute(command[0], [.. command, null]);
        throw new CommandException($"{command[0]} could not be run: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    /// <summary>Says why a namespace cannot be entered.</summary>
    /// <exception cref="CommandException">It is not there, or this user may not.</exception>
    public static void RequireEnterable(string name)
    {
        if (!NetworkNamespace.Exists(name))
        {
            throw new CommandException($"The lab is not running (there is no network namespace {name}); start it: ./pgha lab up");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new CommandException(
                $"The lab's hosts can only be dialled from inside its network namespace {name}, which takes root: run it with sudo.");
        }
    }

    /// <summary>The command line that runs another inside a namespace.</summary>
    public static IReadOnlyList<string> Inside(string name, IReadOnlyList<string> command) =>
        [Tool("ip", "iproute2"), "netns", "exec", name, .. command];

    /// <summary>The command line that runs this program with other arguments.</summary>
    public static IReadOnlyList<string> Again(params IEnumerable<string> arguments) =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, "exec", Environment.GetCommandLineArgs()[0], .. arguments]
            : [Environment.ProcessPath!, .. arguments];

    // The first of these words is the program's own file, which only `dotnet` wants to be told.
    private static IEnumerable<string> Self() => Again(Environment.GetCommandLineArgs().Skip(1)).Skip(1);

    private static string Tool(string name, string package) =>
        Folders.Select(folder => $"{folder}/{name}").FirstOrDefault(File.Exists)
        ?? throw new CommandException($"The program {name} (package {package}) is needed to enter the lab's network; install it.");

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
