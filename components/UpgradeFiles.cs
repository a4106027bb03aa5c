using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>A file that keeps what upgrades a host by itself from the cluster's services.</summary>
/// <param name="Name">Its short name, part of the resource's.</param>
/// <param name="Path">Its path on the host.</param>
/// <param name="Content">Its content.</param>
public sealed record UpgradeFile(string Name, string Path, string Content);

/// <summary>
/// needrestart and unattended-upgrades would restart services or the host at a time of their own, on all hosts of the cluster alike; each documents how a
/// service is left alone. They belong to the Debian family. Without them the files do nothing, and hold for when they come later.
/// </summary>
public static class UpgradeFiles
{
    /// <summary>Snippet of needrestart's configuration: <c>override_rc</c>, a pattern of unit names with 0, is its way to leave one alone.</summary>
    public const string NeedRestartPath = "/etc/needrestart/conf.d/90-postgres-ha.conf";

    /// <summary>apt's configuration with unattended-upgrades' <c>Package-Blacklist</c>, which adds to the administrator's.</summary>
    public const string UnattendedUpgradesPath = "/etc/apt/apt.conf.d/90postgres-ha";

    /// <summary>The files of a host; none outside the Debian family.</summary>
    public static IReadOnlyList<UpgradeFile> All(ClusterSpecification cluster, HostSpecification host) =>
        host.System != SystemFamily.Debian
            ? []
            :
            [
                new UpgradeFile("needrestart", NeedRestartPath, Templates.Render("host/needrestart.conf", new Dictionary<string, object?>
                {
                    ["units"] = Services.Units(cluster, host).ToList(),
                })),
                new UpgradeFile("upgrades", UnattendedUpgradesPath, Templates.Render("host/unattended-upgrades.conf", new Dictionary<string, object?>
                {
                    ["packages"] = Services.RestartingPackages(cluster, host).ToList(),
                })),
            ];
}
