using PostgresHa.Specification;

namespace PostgresHa.Cli.Migration;

/// <summary>What one host is known by, and what of it is to change.</summary>
/// <param name="Host">The host as the stack has it.</param>
/// <param name="Name">The name of its member at present.</param>
/// <param name="Differences">What is to change; empty where all is as asked.</param>
internal sealed record HostMove(HostSpecification Host, string Name, IReadOnlyList<HostDifference> Differences)
{
    /// <summary>Whether its member gets another name.</summary>
    public bool IsRenamed => Name != Host.Name;
}
