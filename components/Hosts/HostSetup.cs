using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;
using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Components.Hosts;

/// <summary>
/// What every host gets before any service: it is checked, then told the tools, the packages and the hosts' names. In two steps, since no
/// host may be touched before the preflight of every host has succeeded.
/// </summary>
public static class HostSetup
{
    /// <summary>Path of the file by which a host knows whose it is.</summary>
    public const string IdentityPath = HostPaths.State + "/identity";

    /// <summary>What the names of the resources begin with that check whether a host is fit.</summary>
    public const string PreflightMark = "host-preflight-";

    /// <summary>Checks all hosts, and prepares each once all are found fit.</summary>
    /// <param name="hosts">The hosts of the cluster.</param>
    public static void Prepare(IReadOnlyList<Host> hosts)
    {
        Resource[] preflights = [.. hosts.Select(Check)];
        foreach (var host in hosts)
        {
            Prepare(host, preflights);
        }
    }

    /// <summary>The file by which a host knows whose it is; the preflight compares with it.</summary>
    public static HostFile IdentityFile(ClusterSpecification cluster, HostSpecification host, string stack) => new()
    {
        Name = "identity",
        Path = IdentityPath,
        Content = ClusterIdentity.Lines(stack, cluster, host),
    };

    /// <summary>Tells a host from the one that takes its place: what looks at all hosts at once is run again for it.</summary>
    /// <param name="host">The host.</param>
    public static string Machine(HostSpecification host) =>
        string.Create(CultureInfo.InvariantCulture, $"{host.HostKey} {host.Reapply}");

    private static Command Check(Host host) => new(
        PreflightMark + host.HostName,
        new CommandArgs
        {
            Connection = host.Connection,
            Create = HostPreflight.CommandLine(host.Services, host.Cluster, host.Specification, host.Stack),
            Stdin = HostPreflight.Script,
            AddPreviousOutputInEnv = false,
        },
        new CustomResourceOptions { Parent = host });

    private static void Prepare(Host host, Resource[] preflights)
    {
        host.Ready = new Command(
            $"host-tools-{host.HostName}",
            new CommandArgs
            {
                Connection = host.Connection,
                Create = host.Command(Shell.Script(Templates.Read("host/host-unpack.sh"))),
                Stdin = ToolBundle.Text,
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions { Parent = host, DependsOn = new InputList<Resource> { preflights } });

        // Before anything that it would keep from being changed.
        var identity = new RemoteFile("host", host, IdentityFile(host.Cluster, host.Specification, host.Stack), host);
        host.Ready = identity.Resource;
        host.Identified = identity.Said;
        var packages = new RemoteCommand(
            $"host-packages-{host.HostName}",
            host,
            new RemoteCommandArgs
            {
                Tool = "packages-install",
                Arguments = HostPackages.Of(host.Services, host.Cluster, host.Specification),
            },
            host);
        var names = new RemoteCommand(
            $"host-names-{host.HostName}",
            host,
            new RemoteCommandArgs
            {
                Tool = "hosts-ensure",
                Stdin = HostNames.Lines(host.Cluster),
                DeleteTool = "hosts-ensure",
            },
            host,
            packages.Resource);
        host.Ready = names.Resource;
        foreach (var file in UpgradeFiles.All(host.Services, host.Cluster, host.Specification))
        {
            _ = new RemoteFile("host", host, file, host);
        }
    }
}
