using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Collects what is wrong with one stack's configuration. Paths are those below the root.</summary>
internal sealed class Findings
{
    /// <summary>Where the cluster's configuration lies in a stack file.</summary>
    private const string Root = "postgres-ha:cluster";

    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);

    public List<SpecificationError> Errors { get; } = [];

    public List<SpecificationWarning> Warnings { get; } = [];

    /// <summary>Reports a value.</summary>
    public void Add(string path, string? value, string problem, string remedy)
    {
        _failed.Add(path);
        Errors.Add(new SpecificationError(Full(path), value, problem, remedy));
    }

    /// <summary>Reports a section that is none: what is missing below it is missing for that reason.</summary>
    public void AddBroken(string path, JsonElement element, string remedy)
    {
        _broken.Add(path);
        Add(path, Scalars.Show(element), "is not a mapping", remedy);
    }

    /// <summary>Reports a value that is accepted and yet not wise.</summary>
    public void Warn(string path, string? value, string problem, string remedy) =>
        Warnings.Add(new SpecificationWarning(Full(path), value, problem, remedy));

    /// <summary>Marks a value whose error is reported elsewhere, below it.</summary>
    public void MarkFailed(string path) => _failed.Add(path);

    /// <summary>
    /// True when none of the values was reported, nor a section it would stand in: only then a rule about several of them has something to
    /// say.
    /// </summary>
    public bool Good(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (_failed.Contains(path) || IsBelowBroken(path))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsBelowBroken(string path)
    {
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (_broken.Contains(path[..dot]))
            {
                return true;
            }
        }

        return false;
    }

    private static string Full(string path) => path.Length == 0 ? Root : path.StartsWith('[') ? Root + path : $"{Root}.{path}";
}
