using System.Text.RegularExpressions;

namespace PostgresHa.Lab;

/// <summary>
/// Hosts that are there and that the lab's definition does not name any more. They run on, with what is on them, until they are removed by
/// name or with the whole lab: what takes a host out of a cluster must still reach it.
/// </summary>
internal static partial class FormerHosts
{
    /// <summary>Those hosts, by name. The address of one that was made by halves is not known, and empty.</summary>
    /// <param name="definition">What the lab is now.</param>
    /// <param name="paths">Where it keeps them.</param>
    public static IReadOnlyList<LabHost> Of(LabDefinition definition, LabPaths paths) => !Directory.Exists(paths.Hosts)
        ? []
        :
        [
            .. Directory.GetDirectories(paths.Hosts).Select(static folder => Path.GetFileName(folder))
                .Where(name => definition.Hosts.All(host => host.Name != name))
                .Order(StringComparer.Ordinal)
                .Select(name => Read(name, paths)),
        ];

    /// <summary>Refuses an address that one of them still has.</summary>
    /// <exception cref="LabException">It is taken; the message says by whom.</exception>
    public static void RequireFree(LabDefinition definition, LabPaths paths)
    {
        foreach (var former in Of(definition, paths))
        {
            if (definition.Hosts.FirstOrDefault(host => host.Address == former.Address) is { } host)
            {
                throw new LabException(
                    $"{host.Address} of {host.Name} is the address of {former.Name}, which the stack file does not name any more and which "
                    + $"is still there. Remove that host first: ./pgha lab remove {former.Name}");
            }
        }
    }

    private static LabHost Read(string name, LabPaths paths)
    {
        var ready = paths.Ready(new LabHost(name, ""));
        var made = File.Exists(ready) ? MadeAs().Match(File.ReadLines(ready).ElementAtOrDefault(1) ?? "") : Match.Empty;
        return made.Success
            ? new LabHost(name, made.Groups["address"].Value, made.Groups["interface"].Value)
            {
                Release = made.Groups["release"] is { Success: true } release ? release.Value : LabHost.DefaultRelease,
                IsVirtualMachine = made.Groups["machine"].Success,
            }
            : new LabHost(name, "");
    }

    // As HostMachine writes it.
    [GeneratedRegex(
        "^[^@]+@(?<address>[0-9.]+)/[0-9]+ on (?<interface>[^,]+)(, (?<release>(?!strict$|strict,)[a-z][a-z0-9-]*))?(, strict)?"
        + "(?<machine>, a virtual machine)?$")]
    private static partial Regex MadeAs();
}
