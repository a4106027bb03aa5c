using PostgresHa.Components.Declarations;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components.Hosts;

/// <summary>
/// Files that keep what upgrades a host by itself from the cluster's services: needrestart and unattended-upgrades would restart services
/// or the host at a time of their own, on all hosts of the cluster alike; each documents how a service is left alone. They belong to the
/// Debian family. Without them the files do nothing, and hold for when they come later.
/// </summary>
public static class UpgradeFiles
{
    /// <summary>
    /// Snippet of needrestart's configuration: <c>override_rc</c>, a pattern of unit names with 0, is its way to leave one alone.
    /// </summary>
    public const string NeedRestartPath = "/etc/needrestart/conf.d/90-postgres-ha.conf";

    /// <summary>apt's configuration with unattended-upgrades' <c>Package-Blacklist</c>, which adds to the administrator's.</summary>
    public const string UnattendedUpgradesPath = "/etc/apt/apt.conf.d/90postgres-ha";

    /// <summary>The files of a host; none outside the Debian family.</summary>
    public static IReadOnlyList<HostFile> All(ServiceList services, ClusterSpecification cluster, HostSpecification host) =>
        host.System != SystemFamily.Debian
            ? []
            :
            [
                new HostFile
                {
                    Name = "needrestart",
                    Path = NeedRestartPath,
                    Content = Templates.Render("host/needrestart.conf", new Dictionary<string, object?>
                    {
                        ["units"] = Sorted(
                            services.Units(cluster, host).Where(static unit => !unit.IsForeign).Select(static unit => unit.Name)),
                    }),
                },
                new HostFile
                {
                    Name = "upgrades",
                    Path = UnattendedUpgradesPath,
                    Content = Templates.Render("host/unattended-upgrades.conf", new Dictionary<string, object?>
                    {
                        ["packages"] = Sorted(
                            services.Packages(cluster, host).Where(static package => package.Restarts)
                                .Select(static package => package.Name)),
                    }),
                },
            ];

    private static List<string> Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
