using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>A theory that needs a program of this machine; skipped, and said so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string program)
    {
        Program = program;
        Skip = Programs.Find(program) is null ? $"{program} is not installed here" : null;
    }

    /// <summary>Name of the program.</summary>
    public string Program { get; }
}
