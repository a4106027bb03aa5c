using System.Text.Json;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab;

/// <summary>What a lab was asked to be beyond what its stack says: known to every later command until the lab is down.</summary>
public sealed record LabChoices
{
    /// <summary>Names of the hosts that are virtual machines. Default: none.</summary>
    public IReadOnlyList<string> VirtualMachines { get; init; } = [];

    /// <summary>
    /// Release of each host by its name; hosts that are not named have <see cref="LabHost.DefaultRelease"/>. Default: none is named.
    /// </summary>
    public IReadOnlyDictionary<string, string> Releases { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the hosts are strict (<see cref="LabDefinition.IsStrict"/>). Default: no.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Reads what a lab was asked to be; null when there is none.</summary>
    /// <param name="file"><see cref="LabPaths.Choices"/>.</param>
    public static LabChoices? Read(string file) =>
        File.Exists(file) ? JsonSerializer.Deserialize<LabChoices>(File.ReadAllText(file), RepositorySettings.Json) : null;

    /// <summary>What a definition's hosts were asked to be.</summary>
    /// <param name="definition">The lab.</param>
    public static LabChoices Of(LabDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new LabChoices
        {
            VirtualMachines = [.. definition.Hosts.Where(static host => host.IsVirtualMachine).Select(static host => host.Name)],
            Releases = definition.Hosts.ToDictionary(static host => host.Name, static host => host.Release),
            IsStrict = definition.IsStrict,
        };
    }

    /// <summary>The definition with its hosts as they were asked to be.</summary>
    /// <param name="definition">The lab as its stack describes it.</param>
    public LabDefinition ApplyTo(LabDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition with
        {
            IsStrict = IsStrict,
            Hosts =
            [
                .. definition.Hosts.Select(host => host with
                {
                    IsVirtualMachine = VirtualMachines.Contains(host.Name),
                    Release = Releases.GetValueOrDefault(host.Name, LabHost.DefaultRelease),
                }),
            ],
        };
    }

    internal async Task WriteAsync(string file, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await AtomicFile.WriteAsync(file, JsonSerializer.Serialize(this, RepositorySettings.Json) + "\n", cancellation);
    }
}
