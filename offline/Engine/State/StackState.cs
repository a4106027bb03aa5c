using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>What is recorded of one resource after its last step.</summary>
internal sealed class ResourceState
{
    internal required string Urn { get; init; }

    internal required bool IsCustom { get; init; }

    internal string? Id { get; set; }

    internal string? Parent { get; set; }

    internal int Sequence { get; set; }

    internal bool Protect { get; set; }

    internal bool RetainOnDelete { get; set; }

    // Replaced by another of the same name; to be deleted once everything else is done.
    internal bool Condemned { get; set; }

    internal PropertyValue Inputs { get; set; } = PropertyValue.Empty;

    internal PropertyValue Outputs { get; set; } = PropertyValue.Empty;

    internal IReadOnlyCollection<string> Dependencies { get; set; } = [];

    internal string Type => Urns.Type(Urn);

    internal string Name => Urns.Name(Urn);
}

/// <summary>What is recorded of a stack.</summary>
internal sealed class StackState
{
    internal string? EncryptionSalt { get; set; }

    // By URN; the condemned apart, since another has their URN by then.
    internal Dictionary<string, ResourceState> Resources { get; } = new(StringComparer.Ordinal);

    internal List<ResourceState> Condemned { get; } = [];

    // Operations begun and not known to have succeeded, by URN: what they did on the host is uncertain, so they are run again.
    internal Dictionary<string, string> Pending { get; } = new(StringComparer.Ordinal);

    internal PropertyValue Outputs { get; set; } = PropertyValue.Empty;

    internal bool IsEmpty => Resources.Count == 0 && Condemned.Count == 0 && Pending.Count == 0;
}
