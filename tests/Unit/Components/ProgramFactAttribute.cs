namespace PostgresHa.Tests.Unit.Components;

/// <summary>A test that has a program of this machine judge our files; skipped, and said so, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string program, bool asRoot = false, string? module = null)
    {
        Program = program;
        AsRoot = asRoot;
        Module = module;
        Skip = Programs.Find(program) is null ? $"{program} is not installed here"
            : asRoot && !Environment.IsPrivilegedProcess ? $"{program} judges files for root only"
            : module is not null && !Programs.HasPythonModule(module) ? $"Python's {module} is not installed here"
            : null;
    }

    /// <summary>Name of the program.</summary>
    public string Program { get; }

    /// <summary>Whether it must be run as root.</summary>
    public bool AsRoot { get; }

    /// <summary>A module that Python must have.</summary>
    public string? Module { get; }
}
