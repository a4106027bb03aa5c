using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components.Hosts;

/// <summary>The hosts' names, which every host knows without asking anybody.</summary>
public static class HostNames
{
    /// <summary>The file some of whose lines they are; the rest of it is the host's own.</summary>
    public const string Path = "/etc/hosts";

    /// <summary>Address and name of every host, a line each.</summary>
    public static string Lines(ClusterSpecification cluster) => Templates.Render("host/hosts.lines", new Dictionary<string, object?>
    {
        ["hosts"] = cluster.Hosts
            .Select(static host => new Dictionary<string, object?> { ["name"] = host.Name, ["address"] = host.Address }).ToList(),
    });
}
