using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Ports differ, and those of services that never were root are not privileged.</summary>
internal static class PortRules
{
    // HAProxy opens its ports as root.
    private static readonly Key<int>[] Unprivileged = [Keys.PortPostgres, Keys.PortPgBouncer, Keys.PortPatroniApi, Keys.PortEtcdClient, Keys.PortEtcdPeer];

    public static void Check(ClusterSpecification draft, Values values)
    {
        var first = new Dictionary<int, Key<int>>();
        foreach (Key<int> key in Keys.Ports.Prepend(Keys.SshPort))
        {
            if (!values.Good(key.Path))
            {
                continue;
            }

            int port = values.Read(key);
            if (first.TryGetValue(port, out Key<int>? other))
            {
                // The one that was written is at fault, not the default it meets.
                (Key<int> wrong, Key<int> right) = values.Has(key.Path) || !values.Has(other.Path) ? (key, other) : (other, key);
                values.Add(wrong.Path, Number(port), $"is also {right.Path}", "choose a port that nothing else of the host uses");
            }
            else
            {
                first[port] = key;
            }

            if (port < 1024 && Unprivileged.Contains(key))
            {
                values.Add(key.Path, Number(port), "is a privileged port, which a service that is not root cannot open", "choose one from 1024 on");
            }
        }
    }

    private static string Number(int port) => port.ToString(CultureInfo.InvariantCulture);
}
