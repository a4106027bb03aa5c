using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Migration;

/// <summary>How a host's member gets another name or other data directories. Plain computing.</summary>
internal static class MigrationCommandLine
{
    /// <summary>Exit code of a member that leads and was to be left alone.</summary>
    public const int Leads = 75;

    /// <summary>The program, which the command reads from its standard input.</summary>
    public static string Script { get; } = Templates.Read("host/host-migrate.py");

    /// <summary>The command that moves a host's member to where the stack has it.</summary>
    /// <param name="cluster">The cluster as it is to be.</param>
    /// <param name="host">The host as it is to be.</param>
    /// <param name="former">The names of the members at present, in the order of the cluster's hosts.</param>
    /// <param name="unlessLeader">Whether a leader is left alone.</param>
    public static string For(
        ClusterSpecification cluster, HostSpecification host, IReadOnlyList<string> former, bool unlessLeader)
    {
        var known = cluster with { Hosts = [.. cluster.Hosts.Select((one, i) => one with { Name = former[i] })] };
        return HostCommand.AsRoot(
            cluster,
            [
                "/usr/bin/python3", "-",
                .. PatroniService.Member(known.Hosts.Single(one => one.Address == host.Address)),
                "--name", host.Name,
                "--postgres", cluster.Postgres.DataDirectory,
                "--etcd", host.Etcd ? cluster.Etcd.DataDirectory : "none",
                .. new[] { EtcdFiles.Hardening(cluster), PatroniFiles.Hardening(cluster) }
                    .Where(static one => one.Opened.Length > 0).SelectMany(static one => new[] { "--open", $"{one.Unit}={one.Opened}" }),
                .. unlessLeader ? ["--unless-leader"] : Array.Empty<string>(),
                .. PatroniService.Members(known),
            ]);
    }
}
