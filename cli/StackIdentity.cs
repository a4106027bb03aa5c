using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>Whether a stack file is still that of the cluster which the stack's state knows.</summary>
internal static class StackIdentity
{
    /// <summary>
    /// What it would change that cannot be changed by editing; empty where there is no state, whose hosts then know it themselves.
    /// </summary>
    /// <exception cref="Offline.EngineException">The state cannot be read, or is another stack's.</exception>
    public static IReadOnlyList<SpecificationError> Changes(StackContext context) =>
        context is { KeysArePending: false, Result.Specification: { } cluster } && StackEngine.Identity(context) is { } former
            ? ClusterIdentity.Changes(former, cluster)
            : [];

    /// <summary>The names of hosts that the stack has no more.</summary>
    /// <exception cref="CommandException">One is still in the stack file.</exception>
    public static IReadOnlyList<string> Lost(StackContext context, IReadOnlyList<string> names) =>
        names.FirstOrDefault(name => context.Specification.Hosts.Any(host => host.Name == name)) is { } present
            ? throw new CommandException($"--lost: {present} is one of the stack's hosts; take it out of hosts first.")
            : names;

    /// <summary>Refuses such a file.</summary>
    /// <exception cref="CommandException">It changes something; the message says what, and what there is to do.</exception>
    /// <exception cref="Offline.EngineException">The state cannot be read, or is another stack's.</exception>
    public static void Require(StackContext context)
    {
        if (Changes(context) is { Count: > 0 } changes)
        {
            throw context.Refusal(changes);
        }
    }
}
