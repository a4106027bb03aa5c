namespace PostgresHa.Tests.Unit.Components;

/// <summary>A test that has a program of this machine judge our files; skipped, and said so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program, bool asRoot = false)
    {
        Program = program;
        AsRoot = asRoot;
        Skip = Programs.Find(program) is null ? $"{program} is not installed here"
            : asRoot && !Environment.IsPrivilegedProcess ? $"{program} judges files for root only"
            : null;
    }

    /// <summary>Name of the program.</summary>
    public string Program { get; }

    /// <summary>Whether it must be run as root.</summary>
    public bool AsRoot { get; }
}
