using System.Globalization;
using PostgresHa.Lab.Provision;

namespace PostgresHa.Lab;

/// <summary>What sets a host in a virtual machine apart from one in a container: a disk, a kernel, and what runs it.</summary>
internal sealed class VirtualMachine(LabDefinition definition, LabPaths paths)
{
    /// <summary>
    /// Within what time it boots: an emulated processor needs half a minute of a machine that does nothing else, and many where it must
    /// share.
    /// </summary>
    public static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(15);

    /// <summary>Command that succeeds once its clock is the machine's.</summary>
    public static readonly IReadOnlyList<string> InStep = ["test", "-e", "/run/systemd/timesync/synchronized"];

    // More than the preflight asks for, and no more of it taken than is written.
    private const string DiskSize = "12G";

    // What the lab is for gains nothing from more, and the machine's are few.
    private const int MostCores = 2;

    /// <summary>What runs its processor: <c>KVM</c> or <c>software emulation</c>, as found out when it was started.</summary>
    public static string Accelerator(LabPaths paths, LabHost host) =>
        File.Exists(AcceleratorFile(paths, host)) && File.ReadAllText(AcceleratorFile(paths, host)).Trim() == "kvm"
            ? "KVM"
            : "software emulation";

    /// <summary>Whether a host is one by now.</summary>
    public bool Exists(LabHost host) => File.Exists(Disk(host));

    /// <summary>Turns a finished root file system, mounted as an overlay, into the host's disk, and takes it away.</summary>
    public async Task MakeDiskAsync(LabHost host, string root, MachineImage image, CancellationToken cancellation)
    {
        await AtomicFile.WriteAsync(
            root + "/etc/lab-network", string.Create(CultureInfo.InvariantCulture, $"ADDRESS={host.Address}/{definition.Prefix}\n"),
            cancellation);
        await AtomicFile.WriteAsync(
            root + "/etc/systemd/network/10-lab.link",
            $"[Match]\nMACAddress={host.Mac}\n\n[Link]\nName={host.Interface}\n", cancellation);
        await Command.RequireAsync(
            ["systemctl", "--root", root, "--quiet", "enable", $"lab-network@{host.Interface}.service"], cancellation: cancellation);

        var folder = paths.Host(host);
        foreach (var kind in (string[])["vmlinuz", "initrd.img"])
        {
            File.Copy(image.BootFile(kind), Path.Combine(folder, kind), overwrite: true);
        }

        var unfinished = Disk(host) + ".part";
        File.Delete(unfinished);
        await Command.RequireAsync(
            ["mke2fs", "-q", "-F", "-t", "ext4", "-d", root, unfinished, DiskSize], TimeSpan.FromMinutes(10), cancellation: cancellation);
        File.Move(unfinished, Disk(host));
        await Mounts.UnmountAsync(folder, cancellation);
        await Command.RequireAsync(
            ["rm", "-rf", "--one-file-system", .. ((string[])["root", "upper", "work"]).Select(name => Path.Combine(folder, name))],
            TimeSpan.FromMinutes(3),
            cancellation: cancellation);
    }

    /// <summary>Adds what its script is told beyond a container's, and finds out what can run it.</summary>
    public async Task DescribeAsync(LabHost host, Dictionary<string, string> environment, CancellationToken cancellation)
    {
        var folder = paths.Host(host);
        var probe = await Command.RunAsync(
            ["bash", Path.Combine(paths.Scripts, "vm-kvm.sh"), Path.Combine(folder, "vmlinuz")], cancellation: cancellation);
        var accelerator = probe.ExitCode == 0 ? "kvm" : "tcg";
        await AtomicFile.WriteAsync(AcceleratorFile(paths, host), accelerator + "\n", cancellation);
        environment["HOST_ACCELERATOR"] = accelerator;
        environment["HOST_FOLDER"] = folder;
        environment["HOST_CORES"] = Math.Min(host.Cores, MostCores).ToString(CultureInfo.InvariantCulture);
        environment["HOST_MEMORY"] = string.Create(CultureInfo.InvariantCulture, $"{host.Memory >> 20}M");
    }

    /// <summary>How a running one is, by its own words.</summary>
    public static async Task<LabHostStatus> StatusAsync(LabHost host, IReadOnlyList<string> login, CancellationToken cancellation)
    {
        var answer = await Command.RunAsync(
            [.. login, "cut -d ' ' -f 1 /proc/uptime; systemctl is-system-running"], TimeSpan.FromSeconds(20), cancellation: cancellation);
        var lines = answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines is [var uptime, var system] && double.TryParse(uptime, CultureInfo.InvariantCulture, out var seconds)
            ? new LabHostStatus(host, LabHostState.Running, system, TimeSpan.FromSeconds(seconds))
            : new LabHostStatus(host, LabHostState.Running, null, null);
    }

    private string Disk(LabHost host) => Path.Combine(paths.Host(host), "disk.img");

    private static string AcceleratorFile(LabPaths paths, LabHost host) => Path.Combine(paths.Host(host), "accelerator");
}
