using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>What is recorded of one resource after its last step.</summary>
internal sealed class ResourceState
{
    internal required string Urn { get; init; }

    internal required bool IsCustom { get; init; }

    internal string? Id { get; set; }

    internal string? Parent { get; set; }

    // The URN it had before it was renamed by an alias; its children may still be recorded below that one.
    internal string? Alias { get; set; }

    internal int Sequence { get; set; }

    internal bool Protect { get; set; }

    internal bool RetainOnDelete { get; set; }

    // Replaced by another of the same name; to be deleted once everything else is done.
    internal bool Condemned { get; set; }

    // Deleted on its host so that its replacement can be made, which has not happened yet.
    internal bool AwaitsReplacement { get; set; }

    internal PropertyValue Inputs { get; set; } = PropertyValue.Empty;

    internal PropertyValue Outputs { get; set; } = PropertyValue.Empty;

    internal IReadOnlyCollection<string> Dependencies { get; set; } = [];

    internal string Type => Urns.Type(Urn);

    internal static ResourceState Of(Step step, ResourceRegistration registration, ResourceState? old, Made made) => new()
    {
        Urn = step.Urn,
        IsCustom = registration.IsCustom,
        Id = registration.IsCustom ? made.Id : null,
        Parent = registration.ParentUrn,
        Alias = old is null || old.Urn == step.Urn ? old?.Alias : old.Urn,
        Sequence = registration.Sequence,
        Protect = registration.Protect,
        RetainOnDelete = registration.Options?.RetainOnDelete ?? false,
        Inputs = registration.Inputs,
        Outputs = made.Outputs,
        Dependencies = registration.Dependencies,
    };

    /// <summary>Whether nothing would change in the state file were this recorded in the other's place.</summary>
    internal bool IsRecordedAs(ResourceState old) =>
        Urn == old.Urn && IsCustom == old.IsCustom && Parent == old.Parent && Alias == old.Alias && Sequence == old.Sequence
        && Protect == old.Protect && RetainOnDelete == old.RetainOnDelete
        && Inputs.IsIdenticalTo(old.Inputs) && Outputs.IsIdenticalTo(old.Outputs)
        && Dependencies.Count == old.Dependencies.Count && !Dependencies.Except(old.Dependencies).Any();

    internal string Name => Urns.Name(Urn);
}
