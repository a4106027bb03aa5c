using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>What is written into the hosts' own files. Plain computing.</summary>
public static class HostFiles
{
    /// <summary>Address and name of every host, a line each: the lines of /etc/hosts that are ours.</summary>
    public static string Names(ClusterSpecification cluster) => Templates.Render("host/hosts.lines", new Dictionary<string, object?>
    {
        ["hosts"] = cluster.Hosts.Select(static host => new Dictionary<string, object?> { ["name"] = host.Name, ["address"] = host.Address }).ToList(),
    });
}
