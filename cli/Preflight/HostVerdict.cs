using System.Text.RegularExpressions;
using PostgresHa.Components.Hosts;
using PostgresHa.Offline;

namespace PostgresHa.Cli.Preflight;

/// <summary>What the preflight of one host came to.</summary>
/// <param name="Name">The host.</param>
/// <param name="Address">Its address.</param>
/// <param name="Fit">Whether the stack can be applied to it.</param>
/// <param name="System">What it runs, and how SELinux is set; null where it does not say.</param>
/// <param name="Problems">What stands in the way.</param>
/// <param name="Remarks">What does not, and is worth knowing.</param>
public sealed partial record HostVerdict(
    string Name, string Address, bool Fit, string? System, IReadOnlyList<string> Problems, IReadOnlyList<string> Remarks)
{
    /// <summary>Reads what the script said.</summary>
    /// <param name="name">The host.</param>
    /// <param name="address">Its address.</param>
    /// <param name="result">How it ended.</param>
    public static HostVerdict Read(string name, string address, SshResult result)
    {
        var output = Lines(result.Stdout);
        var remarks = Marked(output, HostPreflight.RemarkMark);
        if (result.ExitCode == 0)
        {
            var last = output.LastOrDefault(static line => line.StartsWith(HostPreflight.FitMark, StringComparison.Ordinal));
            return new HostVerdict(
                name, address, true, last is null ? null : Fitness().Replace(last[HostPreflight.FitMark.Length..], ", $1"), [], remarks);
        }

        var errors = Lines(result.Stderr);
        var said = Marked(errors, HostPreflight.ProblemMark);
        var problems = said.Where(static line => !Sum().IsMatch(line)).ToList();
        if (problems.Count == 0)
        {
            // It did not come to its own words: no rights, no shell, not our script's end.
            var words = errors.Concat(output).ToList();
            problems.Add((
                words.Count == 0 ? $"the preflight ended with {result.ExitCode} and said nothing" : string.Join("; ", words.TakeLast(5)))
                + (words.Any(static line => line.StartsWith("sudo:", StringComparison.Ordinal)) ? "; let ssh.user be root or give it "
                    + "password-less sudo" : ""));
        }

        return new HostVerdict(
            name,
            address,
            false,
            said.Select(static line => Sum().Match(line)).FirstOrDefault(static match => match.Success)?.Groups[1].Value,
            problems,
            remarks);
    }

    /// <summary>A host that gave no answer.</summary>
    /// <param name="name">The host.</param>
    /// <param name="address">Its address.</param>
    /// <param name="why">Why not.</param>
    public static HostVerdict Silent(string name, string address, string why) => new(name, address, false, null, [why], []);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // The host names itself after the mark, which need not be the stack's name for it.
    private static string[] Marked(IEnumerable<string> lines, string mark) =>
    [
        .. lines.Where(line => line.StartsWith(mark, StringComparison.Ordinal)).Select(line => line[mark.Length..])
            .Select(static line => line[(line.IndexOf(": ", StringComparison.Ordinal) is var at and >= 0 ? at + 2 : 0)..]),
    ];

    [GeneratedRegex(@"^[0-9]+ problem\(s\); nothing was changed on this host \((.*)\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Sum();

    [GeneratedRegex(@" is fit \((.*)\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Fitness();
}
