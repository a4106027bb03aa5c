using System.Runtime.InteropServices;

namespace PostgresHa.Lab;

/// <summary>What the lab needs of the machine.</summary>
internal static class Prerequisites
{
    private static readonly (string Package, string Proof)[] Needed =
    [
        ("debootstrap", "debootstrap"),
        ("debian-archive-keyring", LabDefinition.DistributionKeyring),
        ("systemd-container", "systemd-nspawn"),
        ("socat", "socat"),
        ("iproute2", "ip"),
        ("openssh-client", "ssh-keygen"),
        ("util-linux", "nsenter"),
        ("mount", "mount"),
    ];

    private static readonly (string Package, string Proof)[] NeededForMachines =
    [
        ("qemu-system-x86", "qemu-system-x86_64"),
        ("e2fsprogs", "mke2fs"),
    ];

    /// <summary>Refuses what cannot work, and installs what is missing.</summary>
    public static async Task EnsureAsync(LabDefinition definition, Action<string> say, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            throw new LabException(
                "the lab makes network namespaces, mounts and containers: run it as root, on Linux (sudo ./pgha lab up)");
        }

        var machine = definition.Hosts.FirstOrDefault(host => host.IsVirtualMachine);
        if (machine is not null && RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            throw new LabException(
                $"{machine.Name} cannot be a virtual machine: the lab makes amd64 ones only, and this machine is "
                + $"{RuntimeInformation.OSArchitecture}. Leave out --vm");
        }

        if (machine is not null && !File.Exists("/dev/net/tun"))
        {
            throw new LabException(
                $"{machine.Name} cannot be a virtual machine: this machine has no /dev/net/tun to connect it by. Load it "
                + "(modprobe tun), or leave out --vm");
        }

        var needed = machine is null ? Needed : [.. Needed, .. NeededForMachines];
        var missing = needed.Where(item => !IsThere(item.Proof)).Select(item => item.Package).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (Command.Find("apt-get") is null)
        {
            throw new LabException(
                $"missing: {string.Join(", ", missing)}. This machine has no apt-get; install them, or use Debian or Ubuntu");
        }

        say("installing " + string.Join(' ', missing));
        var environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" };
        List<string> install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", .. missing];
        var timeout = TimeSpan.FromMinutes(10);
        var result = await Command.RunAsync(install, timeout, environment, cancellation: cancellation);
        if (result.ExitCode != 0)
        {
            // A fresh machine has no package lists yet, and an old one has stale ones.
            await Command.RequireAsync(["apt-get", "update", "-q"], timeout, environment, cancellation: cancellation);
            await Command.RequireAsync(install, timeout, environment, cancellation: cancellation);
        }
    }

    private static bool IsThere(string proof) => proof.StartsWith('/') ? File.Exists(proof) : Command.Find(proof) is not null;
}
