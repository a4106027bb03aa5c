using PostgresHa.StandIns;
using Pulumi;

namespace PostgresHa.Offline;

/// <summary>Decides what is to be done to one resource by comparing its inputs with those of the last run.</summary>
internal sealed class StepPlanner(ResourceRegistration registration, string urn, ResourceState? old, string? pending)
{
    /// <summary>The step, and the inputs it is carried out with and which are recorded.</summary>
    internal (Step Step, PropertyValue Inputs) Plan(IResourceProvider provider)
    {
        var options = registration.Options;
        var inputs = registration.IsCustom ? WithIgnored(options?.IgnoreChanges ?? []) : PropertyValue.Empty;
        var changes = registration.IsCustom ? Compare(old?.Inputs ?? PropertyValue.Empty, inputs) : [];
        var operation = old is null ? StepOperation.Create
            : old.AwaitsReplacement || changes.Any(change => provider.Replaces(change.Name))
            || IsStatedToReplace(inputs) ? StepOperation.Replace
            : changes.Count > 0 || (pending is not null && registration.IsCustom) ? StepOperation.Update
            : StepOperation.Same;
        // What is made anew takes nothing over from before.
        inputs = operation == StepOperation.Replace ? registration.Inputs : inputs;
        return (new Step
        {
            Operation = operation,
            Urn = urn,
            Parent = registration.ParentUrn,
            IsCustom = registration.IsCustom,
            Sequence = registration.Sequence,
            Host = CommandProvider.Host(registration.Inputs),
            Changes = changes,
            Reason = pending is null || !registration.IsCustom ? null
                : $"the last run did not complete its {pending.ToLowerInvariant()}; it is run again",
            Dependencies = registration.Dependencies,
        }, inputs);
    }

    /// <summary>Why a step must not be taken; null when it may.</summary>
    internal string? Refusal(Step step, StackState state)
    {
        if (step.Operation != StepOperation.Replace || old is null)
        {
            return null;
        }

        if (registration.Protect && old.Protect)
        {
            return $"{registration.Name} is protected and would have to be replaced "
                + $"({string.Join(", ", step.Changes.Select(change => change.Name))} changed). "
                + "Take the change back, or remove the protection and apply again.";
        }

        // Pulumi deletes such dependents first and makes them anew afterwards.
        return registration.Options is CustomResourceOptions { DeleteBeforeReplace: true }
            && state.Resources.Values.FirstOrDefault(IsReplacedWithIt) is { } dependent
            ? $"{registration.Name} is to be deleted before it is replaced, and {dependent.Name}, which depends on it, with it; the "
                + "offline engine does not do that. Use Pulumi."
            : null;

        bool IsReplacedWithIt(ResourceState other) =>
            other.IsCustom && other.Dependencies.Contains(old.Urn) && ResourceProviders.For(other) is var provider
                && other.Inputs.Entries.Keys.Any(provider.Replaces);
    }

    internal static IReadOnlyList<InputChange> Compare(PropertyValue old, PropertyValue now) =>
    [
        .. from name in old.Entries.Keys.Union(now.Entries.Keys).Order(StringComparer.Ordinal)
           let change = new InputChange(name, old[name], now[name])
           where !change.Old.Equals(change.New)
           select change,
    ];

    private PropertyValue WithIgnored(List<string> ignored) => old is null
        ? registration.Inputs
        : ignored.Aggregate(registration.Inputs, (inputs, path) => PropertyPath.Parse(path).Reset(old.Inputs, inputs));

    private bool IsStatedToReplace(PropertyValue inputs) =>
        registration.IsCustom
            && (registration.Options?.ReplaceOnChanges.Any(path => PropertyPath.Parse(path).Differs(old!.Inputs, inputs)) ?? false);
}
