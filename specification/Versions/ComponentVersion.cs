using System.Globalization;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Reads and compares versions as programs, packages and stack files write them.</summary>
public static partial class ComponentVersion
{
    /// <summary>
    /// The upstream version in a text such as <c>17.12</c>, <c>v3.5.33</c>, <c>1:2.2.7-1+b2</c> or <c>2.6.12-1+deb12u4</c>.
    /// </summary>
    /// <param name="text">The text; null gives null.</param>
    /// <returns>Three numbers, a missing third being 0; null when there is no version in it.</returns>
    public static Version? Parse(string? text)
    {
        var match = Form().Match(text ?? "");
        return match.Success
            ? new Version(Number(match.Groups[1]), Number(match.Groups[2]), match.Groups[3].Success ? Number(match.Groups[3]) : 0)
            : null;
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?:[0-9]{1,4}:)?v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

/// <summary>Versions from one to below another.</summary>
public sealed record VersionRange
{
    private readonly Version _from;
    private readonly Version? _below;

    /// <summary>Makes a range.</summary>
    /// <param name="from">The first version in it.</param>
    /// <param name="below">The first version above it; null when there is none yet.</param>
    public VersionRange(string from, string? below)
    {
        From = from;
        Below = below;
        _from = ComponentVersion.Parse(from) ?? throw new ArgumentException($"{from} is not a version", nameof(from));
        _below = below is null
            ? null
            : ComponentVersion.Parse(below) ?? throw new ArgumentException($"{below} is not a version", nameof(below));
    }

    /// <summary>The first version in it.</summary>
    public string From { get; }

    /// <summary>The first version above it; null when there is none yet.</summary>
    public string? Below { get; }

    /// <summary>Whether a version is in it.</summary>
    /// <param name="version">The version.</param>
    public bool Contains(Version version) => version >= _from && (_below is null || version < _below);
}
