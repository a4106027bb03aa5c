using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components.Building;

/// <summary>What a <see cref="SourceBuild"/> needs.</summary>
internal sealed record SourceBuildArgs
{
    /// <summary>Beginning of the tools' and the resources' names: <c>postgres</c> or <c>etcd</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The hosts that run the program.</summary>
    public required IReadOnlyList<Host> Hosts { get; init; }

    /// <summary>Where the build happens; null when nothing is compiled.</summary>
    public required BuildPlace? Place { get; init; }

    /// <summary>The options of the build on a host, the same for build and installation.</summary>
    public required Func<HostSpecification, IReadOnlyList<string>> Options { get; init; }

    /// <summary>The arguments of the installation that stand before the options.</summary>
    public required Func<HostSpecification, IReadOnlyList<string>> Installation { get; init; }

    /// <summary>By host name, what must be there before an archive can be fetched from that host: its firewall.</summary>
    public required IReadOnlyDictionary<string, Resource> Firewall { get; init; }
}

/// <summary>
/// A program built from source and installed on hosts: compiled where the plan says, fetched by the others from there, by the tools
/// <c>NAME-build</c> and <c>NAME-install</c>. What the others fetch is checked against the checksum that the build host printed, which
/// they get by way of the engine, so the transport between the hosts need not be trusted.
/// </summary>
internal sealed class SourceBuild
{
    private readonly Dictionary<string, RemoteCommand> _installed = new(StringComparer.Ordinal);

    public SourceBuild(SourceBuildArgs args, Resource parent)
    {
        var specifications = args.Hosts.Select(static host => host.Specification).ToList();
        var builds = new Dictionary<string, RemoteCommand>(StringComparer.Ordinal);
        foreach (var host in args.Hosts
            .Where(host => args.Place is { } place && BuildPlan.Serves(place, specifications, host.Specification)))
        {
            builds[host.HostName] = new RemoteCommand(
                $"{args.Name}-build-{host.HostName}",
                host,
                new RemoteCommandArgs
                {
                    Tool = args.Name + "-build",
                    Arguments =
                    [
                        .. args.Options(host.Specification), "--serve", BuildPlan.Artefacts(host.Cluster, host.Specification).Authority,
                    ],
                },
                parent,
                args.Firewall[host.HostName]);
        }

        foreach (var host in args.Hosts)
        {
            List<string> arguments = [.. args.Installation(host.Specification), .. args.Options(host.Specification)];
            RemoteCommand? build = null;
            if (args.Place is { } place)
            {
                var builder = BuildPlan.Builder(place, specifications, host.Specification);
                if (builds.TryGetValue(builder.Name, out build) && builder.Name != host.HostName)
                {
                    arguments.AddRange(["--peer", BuildPlan.Artefacts(host.Cluster, builder).Url]);
                }
            }

            _installed[host.HostName] = new RemoteCommand(
                $"{args.Name}-install-{host.HostName}",
                host,
                new RemoteCommandArgs
                {
                    Tool = args.Name + "-install",
                    Arguments = arguments,
                    // On the build host too: a new build there is installed there.
                    Stdin = build is null ? null : (Input<string>)build.Stdout.Apply(static output => BuildPlan.Lines(output, "archive=")),
                },
                parent,
                build is null ? [] : [build.Resource]);
        }
    }

    /// <summary>By host name, the resource after which the program is installed.</summary>
    public IReadOnlyDictionary<string, Resource> Ready =>
        _installed.ToDictionary(static entry => entry.Key, static entry => entry.Value.Resource);

    /// <summary>By host name, a line that tells one installation from another.</summary>
    public IReadOnlyDictionary<string, Output<string>> Installed =>
        _installed.ToDictionary(
            static entry => entry.Key, static entry => entry.Value.Stdout.Apply(static output => BuildPlan.Lines(output, "installed=")));
}
