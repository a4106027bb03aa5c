using System.Globalization;

namespace PostgresHa.Lab;

/// <summary>
/// The lab's control groups. Everything that outlives the command that started it lives in one of them, so that nothing is ever lost
/// sight of: what runs is what the groups hold, and ending them ends all of it, also after a crash.
/// </summary>
internal sealed class ControlGroups
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly string _name;

    public ControlGroups(string name)
    {
        _name = name;
        Root = Path.Combine(Mounts.All().FirstOrDefault(mount => mount.Type == "cgroup2")?.Path
            ?? throw new LabException("no cgroup2 file system is mounted; mount one: mount -t cgroup2 none /sys/fs/cgroup/unified"), name);
    }

    /// <summary>Group of all.</summary>
    public string Root { get; }

    /// <summary>Group of the package repository.</summary>
    public string Services => Path.Combine(Root, "services");

    /// <summary>
    /// Group of what restarts a host that reboots. Outside the host's own: killing the host must not be survived by a restart.
    /// </summary>
    public string Supervisor(LabHost host) => Path.Combine(Root, "supervisors", host.Name);

    /// <summary>Group of all processes of a host.</summary>
    public string Host(LabHost host) => Path.Combine(Root, "hosts", host.Name);

    public static void Create(string group)
    {
        try
        {
            Directory.CreateDirectory(group);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LabException($"cannot create the control group {group}: {error.Message}", error);
        }
    }

    /// <summary>Whether any process lives in the group or beneath it.</summary>
    public static bool IsPopulated(string group)
    {
        try
        {
            return File.ReadLines(Path.Combine(group, "cgroup.events")).Contains("populated 1");
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The first process of a host's systemd, null when there is none.</summary>
    public int? Init(LabHost host)
    {
        try
        {
            var line = File.ReadLines(Path.Combine(Host(host), "payload", "init.scope", "cgroup.procs")).FirstOrDefault();
            return line is null ? null : int.Parse(line, CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Kills every process of the group and beneath it, at once, and waits until they are gone.</summary>
    public static async Task KillAsync(string group, CancellationToken cancellation)
    {
        if (!await Wait.UntilAsync(IsGone, EndLimit, Poll, cancellation))
        {
            throw new LabException($"processes of {group} do not end: {string.Join(' ', Processes(group))}");
        }

        bool IsGone()
        {
            var populated = IsPopulated(group);
            if (populated)
            {
                Kill(group);
            }

            return !populated;
        }
    }

    /// <summary>Kills everything of the lab and removes its groups from every hierarchy.</summary>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        if (Directory.Exists(Root))
        {
            await KillAsync(Root, cancellation);
        }

        foreach (var mount in Mounts.All().Where(mount => mount.Type is "cgroup" or "cgroup2"))
        {
            Remove(Path.Combine(mount.Path, _name));
        }
    }

    /// <summary>Removes the groups of a host in which nothing lives any more.</summary>
    public void Remove(LabHost host)
    {
        foreach (var group in (string[])[Supervisor(host), Host(host)])
        {
            Remove(group);
        }
    }

    private static void Kill(string group)
    {
        var kill = Path.Combine(group, "cgroup.kill");
        if (File.Exists(kill))
        {
            File.WriteAllText(kill, "1");
            return;
        }

        // Kernels before 5.14.
        foreach (var process in Processes(group))
        {
            try
            {
                System.Diagnostics.Process.GetProcessById(process).Kill();
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                // It ended by itself.
            }
        }
    }

    private static List<int> Processes(string group) =>
    [
        .. Directory.EnumerateFiles(group, "cgroup.procs", SearchOption.AllDirectories).SelectMany(File.ReadLines)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture)).Where(process => process > 0),
    ];

    private static void Remove(string group)
    {
        if (!Directory.Exists(group))
        {
            return;
        }

        foreach (var child in Directory.GetDirectories(group))
        {
            Remove(child);
        }

        // The kernel's own call: the recursive variants try to delete the files of a group first, which cannot be.
        Directory.Delete(group);
    }
}
