using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Ports differ, and those of services that never were root are not privileged.</summary>
internal static class PortRules
{
    // HAProxy opens its ports as root.
    private static readonly string[] Unprivileged =
    [
        "ports.postgres", "ports.pgbouncer", "ports.patroniApi", "ports.etcdClient", "ports.etcdPeer", "ports.nodeExporter",
    ];

    public static void Check(ClusterSpecification draft, Findings findings)
    {
        var first = new Dictionary<int, string>();
        foreach (var (path, port) in Ports(draft))
        {
            if (!findings.Good(path))
            {
                continue;
            }

            if (!first.TryAdd(port, path))
            {
                // The one that was written is at fault, not the default it meets.
                var other = first[port];
                var (wrong, right) = draft.Written.Contains(path) || !draft.Written.Contains(other) ? (path, other) : (other, path);
                findings.Add(wrong, Number(port), $"is also {right}", "choose a port that nothing else of the host uses");
            }

            if (port < 1024 && Unprivileged.Contains(path, StringComparer.Ordinal))
            {
                findings.Add(
                    path, Number(port), "is a privileged port, which a service that is not root cannot open", "choose one from 1024 on");
            }
        }
    }

    private static IEnumerable<(string Path, int Port)> Ports(ClusterSpecification draft) => KeyTable.Root.Find("ports")!.Section!.Members
        // Nothing listens there where the exporter is not wanted.
        .Where(member => draft.NodeExporter.Enabled || member.Name != "nodeExporter")
        .Select(member => (member.Key!.Path, (int)member.Property.GetValue(draft.Ports)!))
        .Prepend(("ssh.port", draft.Ssh.Port));

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
