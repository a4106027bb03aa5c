using System.Globalization;
using System.Net;

namespace PostgresHa.Lab;

/// <summary>The lab's network: one namespace with a bridge, to which each host's own namespace is attached. It has no way out.</summary>
internal sealed class LabNetwork(LabDefinition definition, LabPaths paths)
{
    /// <summary>Name of the bridge inside the namespace.</summary>
    public const string Bridge = "bridge";

    /// <summary>Creates namespace and bridge, as far as they are missing.</summary>
    public async Task EnsureAsync(CancellationToken cancellation)
    {
        if (!File.Exists(paths.NamespaceFile))
        {
            await Command.RequireAsync(["ip", "netns", "add", definition.NetworkNamespace], cancellation: cancellation);
        }

        await IpAsync(["link", "set", "lo", "up"], cancellation);
        var links = await Command.RunAsync(["ip", "-n", definition.NetworkNamespace, "link", "show", Bridge], cancellation: cancellation);
        if (links.ExitCode != 0)
        {
            await IpAsync(["link", "add", Bridge, "type", "bridge"], cancellation);
        }

        var address = string.Create(CultureInfo.InvariantCulture, $"{definition.Gateway}/{definition.Prefix}");
        await IpAsync(["address", "replace", address, "broadcast", "+", "dev", Bridge], cancellation);
        await IpAsync(["link", "set", Bridge, "up"], cancellation);
    }

    /// <summary>Takes a host off the network at once, as a pulled cable does.</summary>
    public async Task DetachAsync(LabHost host, CancellationToken cancellation)
    {
        // Whether the link was there at all does not matter; of a host that was made by halves nobody knows the address.
        if (host.Address.Length > 0)
        {
            await Command.RunAsync(["ip", "-n", definition.NetworkNamespace, "link", "delete", Link(host)], cancellation: cancellation);
        }

        await Command.RunAsync(["ip", "netns", "delete", paths.Machine(host)], cancellation: cancellation);
    }

    /// <summary>Removes all namespaces of the lab, with the links they hold.</summary>
    public async Task RemoveAsync(CancellationToken cancellation)
    {
        var hosts = definition.Hosts.Concat(FormerHosts.Of(definition, paths));
        foreach (var name in hosts.Select(paths.Machine).Append(definition.NetworkNamespace))
        {
            if (File.Exists("/run/netns/" + name))
            {
                await Command.RequireAsync(["ip", "netns", "delete", name], cancellation: cancellation);
            }
        }
    }

    /// <summary>Whether this very process is inside the lab's network.</summary>
    public async Task<bool> IsInsideAsync(CancellationToken cancellation)
    {
        if (!File.Exists(paths.NamespaceFile))
        {
            return false;
        }

        var names = await Command.RequireAsync(
            ["ip", "netns", "identify", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)], cancellation: cancellation);
        return names.Split('\n', StringSplitOptions.TrimEntries).Contains(definition.NetworkNamespace);
    }

    /// <summary>A command wrapped so that it runs inside the lab's network.</summary>
    /// <remarks>Not by <c>ip netns exec</c>, which would hide the machine's /sys, control groups included, from the command.</remarks>
    public IReadOnlyList<string> Inside(IReadOnlyList<string> command) => ["nsenter", "--net=" + paths.NamespaceFile, "--", .. command];

    /// <summary>Name of a host's link at the bridge: made from its address, so that it stays when other hosts come and go.</summary>
    public static string Link(LabHost host) => "host" + Convert.ToHexStringLower(IPAddress.Parse(host.Address).GetAddressBytes());

    private Task<string> IpAsync(IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        Command.RequireAsync(["ip", "-n", definition.NetworkNamespace, .. arguments], cancellation: cancellation);
}
