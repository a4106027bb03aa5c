using PostgresHa.Components.Declarations;
using PostgresHa.Specification;

namespace PostgresHa.Components.Hosts;

/// <summary>A package that brings programs which the tools call on every host.</summary>
/// <param name="Debian">Its name in the Debian family; null where it is not asked for there.</param>
/// <param name="Rhel">Its name in the RHEL family; null where it is not asked for there.</param>
/// <param name="Programs">The programs.</param>
public sealed record HostPackage(string? Debian, string? Rhel, params IReadOnlyList<string> Programs);

/// <summary>
/// The packages with the programs of the tools. Asked for by name, however usual they are: a minimal installation of the RHEL family lacks
/// some of them, a container's image more, and a package that is there already costs nothing. Those of one service or of a build alone
/// stand with it.
/// </summary>
public static class HostPackages
{
    /// <summary>All of them. A test derives from the tools which programs they call, and holds this list against it.</summary>
    public static IReadOnlyList<HostPackage> All { get; } =
    [
        new("coreutils", "coreutils",
            "basename", "cat", "chmod", "chown", "cp", "cut", "date", "dd", "df", "dirname", "du", "env", "head", "id", "install", "ln",
            "ls", "mkdir", "mktemp", "mv", "nproc", "paste", "printenv", "readlink", "rm", "rmdir", "sha256sum", "sleep", "sort", "stat",
            "sync", "tail", "tee", "test", "timeout", "touch", "tr", "uname", "wc"),
        new("util-linux", "util-linux", "findmnt", "flock", "mountpoint", "runuser"),
        new("mount", "util-linux", "mount", "umount"),
        new("findutils", "findutils", "find"),
        new("grep", "grep", "grep"),
        new("sed", "sed", "sed"),
        // Every system of the Debian family has an awk, one of several (base-files needs it).
        new(null, "gawk", "awk"),
        new("tar", "tar", "tar"),
        new("gzip", "gzip", "gzip"),
        new("curl", "curl", "curl"),
        new("ca-certificates", "ca-certificates"),
        new("iproute2", "iproute", "ip", "ss"),
        new("procps", "procps-ng", "pgrep", "sysctl"),
        new("procps", "util-linux", "kill"),
        new("passwd", "shadow-utils", "gpasswd", "groupadd", "useradd"),
        new("libc-bin", "glibc-common", "getent", "ldd"),
        new("systemd", "systemd", "journalctl", "loginctl", "systemctl", "systemd-detect-virt", "systemd-run", "timedatectl"),
        // The interpreter of all tools, whatever Patroni's own is: /usr/bin/python3.
        new("python3", "python3", "python3"),
        // Where SELinux is, files get the label that the policy has for them; a host of the Debian family without SELinux has no use for
        // it.
        new(null, "policycoreutils", "restorecon", "setsebool"),
        new(null, "libselinux-utils", "getsebool", "selinuxenabled"),
    ];

    // systemd: that of release 8 of the RHEL family, against which units and scripts are written. Python: that of the same, for the tools.
    private static readonly ServicePackage[] Least =
    [
        new("systemd") { Least = [new LeastVersion("239")] },
        new("python3") { Least = [new LeastVersion("3.6")] },
    ];

    /// <summary>The names of all packages on a host, those of the tools and of the services, sorted, each once: one transaction.</summary>
    /// <param name="services">The services.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static IReadOnlyList<string> Of(ServiceList services, ClusterSpecification cluster, HostSpecification host) =>
    [
        .. All.Select(package => host.System == SystemFamily.Debian ? package.Debian : package.Rhel).OfType<string>()
            .Concat(services.Packages(cluster, host).Select(static package => package.Name))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Those of them that must have at least some version.</summary>
    /// <param name="services">The services.</param>
    /// <param name="cluster">The cluster.</param>
    /// <param name="host">The host.</param>
    public static IEnumerable<(string Package, LeastVersion Least)> LeastVersions(
        ServiceList services, ClusterSpecification cluster, HostSpecification host) =>
        Least.Concat(services.Packages(cluster, host)).SelectMany(static package => package.Least.Select(least => (package.Name, least)));
}
