using PostgresHa.Lab;

namespace PostgresHa.Cli;

/// <summary>What <c>lab up</c> is asked to make the lab beyond what its stack says. What is not asked for stays as it was.</summary>
public sealed record LabOptions
{
    /// <summary>Names of the hosts that become virtual machines (<c>--vm</c>); empty for those that are. Default: empty.</summary>
    public IReadOnlyList<string> VirtualMachines { get; init; } = [];

    /// <summary>
    /// Releases (<c>--release</c>), each <c>RELEASE</c> for all hosts or <c>HOST=RELEASE</c> for one; empty for those they have. Default:
    /// empty.
    /// </summary>
    public IReadOnlyList<string> Releases { get; init; } = [];

    /// <summary>Whether the hosts become strict (<c>--strict</c>). Default: what they are.</summary>
    public bool Strict { get; init; }

    /// <summary>The choices of a lab with what is asked for in their place.</summary>
    /// <param name="present">What the lab is.</param>
    /// <param name="stack">Name of its stack.</param>
    /// <param name="hosts">Names of its hosts.</param>
    /// <exception cref="CommandException">What is asked for cannot be, or contradicts itself.</exception>
    public LabChoices Over(LabChoices present, string stack, IReadOnlyList<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(present);
        foreach (var name in VirtualMachines)
        {
            RequireHost("--vm", name, stack, hosts);
        }

        return present with
        {
            VirtualMachines = VirtualMachines.Count > 0 ? VirtualMachines : present.VirtualMachines,
            Releases = Releases.Count > 0 ? ReleasesOf(stack, hosts) : present.Releases,
            IsStrict = Strict || present.IsStrict,
        };
    }

    private Dictionary<string, string> ReleasesOf(string stack, IReadOnlyList<string> hosts)
    {
        string? all = null;
        var single = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var given in Releases)
        {
            var parts = given.Split('=', 2);
            var (host, release) = parts.Length == 2 ? (parts[0], parts[1]) : (null, given);
            if (!LabDefinition.IsRelease(release) || host is { Length: 0 })
            {
                throw new CommandException(
                    $"--release {given}: write RELEASE for all hosts or HOST=RELEASE for one, with the code name of a Debian release, "
                    + $"such as {LabHost.DefaultRelease}.");
            }

            if (host is not null)
            {
                RequireHost("--release", host, stack, hosts);
            }

            var before = host is null ? all : single.GetValueOrDefault(host);
            if (before is not null && before != release)
            {
                throw new CommandException(
                    $"--release: {host ?? "all hosts"} cannot be {before} and "
                    + $"{release}.{(host is null ? " Name the host that differs: --release HOST=RELEASE." : "")}");
            }

            if (host is null)
            {
                all = release;
            }
            else
            {
                single[host] = release;
            }
        }

        return hosts.ToDictionary(
            static host => host, host => single.GetValueOrDefault(host) ?? all ?? LabHost.DefaultRelease, StringComparer.Ordinal);
    }

    private static void RequireHost(string option, string name, string stack, IReadOnlyList<string> hosts)
    {
        if (!hosts.Contains(name))
        {
            throw new CommandException($"{option}: stack {stack} has no host {name}; it has {string.Join(", ", hosts)}.");
        }
    }
}
