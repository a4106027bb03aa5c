using System.Globalization;
using System.Text;

namespace PostgresHa.Cli.Drills;

/// <summary>
/// A drill's timeline as SVG: writes and reads per 100 ms, events and the budget on one axis. Told apart by shape and pattern, not by
/// colour.
/// </summary>
internal static class TimelineSvg
{
    private const double Left = 62;
    private const double Width = 938;
    private const double LaneHeight = 62;
    private const double ErrorHeight = 30;
    private const double Top = 58;
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(3);

    /// <summary>Draws it.</summary>
    /// <param name="result">The drill.</param>
    /// <param name="id">A word unique in the page: the pattern is known by it.</param>
    public static string Draw(DrillResult result, string id)
    {
        ArgumentNullException.ThrowIfNull(result);
        var axis = new Axis(result);
        var height = Top + (2 * (LaneHeight + ErrorHeight + 22)) + 20;
        var svg = new StringBuilder();
        svg.Append(Text($"<svg viewBox=\"0 0 1010 {height:0}\" role=\"img\" aria-label=\"timeline of {result.Drill}\">\n"));
        svg.Append(Text($"<defs><pattern id=\"{id}\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" ")
            + Text($"patternTransform=\"rotate(45)\"><rect width=\"4\" height=\"4\" fill=\"#fff\"/><rect width=\"2\" height=\"4\" ")
            + Text($"fill=\"#111\"/></pattern></defs>\n"));
        Budget(svg, result, axis);
        var writes = Top + LaneHeight;
        var reads = writes + ErrorHeight + 22 + LaneHeight;
        Lane(svg, "writes", result.Writes, axis, writes, id);
        Lane(svg, "reads", result.Reads, axis, reads, id);
        Scale(svg, axis, reads + ErrorHeight + 8);
        Events(svg, result, axis, reads + ErrorHeight + 4);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Lane(StringBuilder svg, string name, Buckets buckets, Axis axis, double baseline, string id)
    {
        svg.Append(Text($"<text x=\"{Left - 8}\" y=\"{baseline - (LaneHeight / 2)}\" text-anchor=\"end\">{name}</text>"));
        svg.Append(Text($"<text x=\"{Left - 8}\" y=\"{baseline + 14}\" text-anchor=\"end\">errors</text>"));
        // One path for each kind keeps a page of all drills small.
        var most = Math.Max(1, buckets.Successes.Skip(axis.First).Take(axis.Count).DefaultIfEmpty(1).Max());
        var mostErrors = Math.Max(4, buckets.Errors.Skip(axis.First).Take(axis.Count).DefaultIfEmpty(1).Max());
        svg.Append(Path(buckets.Successes, axis, baseline, -LaneHeight / most)).Append("\" fill=\"#555\"/>\n");
        svg.Append(Path(buckets.Errors, axis, baseline, ErrorHeight / mostErrors))
            .Append(Text($"\" fill=\"url(#{id})\" stroke=\"#111\" stroke-width=\"0.6\"/>\n"));
        svg.Append(Text($"<line x1=\"{Left}\" y1=\"{baseline:0.#}\" x2=\"{Left + Width}\" y2=\"{baseline:0.#}\" stroke=\"#111\"/>\n"));
    }

    private static string Path(IReadOnlyList<int> counts, Axis axis, double baseline, double scale)
    {
        var path = new StringBuilder("<path d=\"");
        var wide = Width / axis.Count;
        for (var i = axis.First; i < Math.Min(axis.First + axis.Count, counts.Count); i++)
        {
            if (counts[i] > 0)
            {
                path.Append(Text($"M{Left + ((i - axis.First) * wide):0.##} ")
                    + Text($"{baseline:0.#}v{counts[i] * scale:0.##}h{wide * 0.92:0.##}V{baseline:0.#}z"));
            }
        }

        return path.ToString();
    }

    private static void Budget(StringBuilder svg, DrillResult result, Axis axis)
    {
        if (result.Budget is not { } budget)
        {
            return;
        }

        var from = axis.X(axis.Fault);
        var end = axis.Fault + budget.Seconds;
        var cut = end > axis.To;
        var to = axis.X(Math.Min(end, axis.To));
        svg.Append(Text(
            $"<line x1=\"{from:0.#}\" y1=\"40\" x2=\"{to:0.#}\" y2=\"40\" stroke=\"#111\" stroke-width=\"2\" stroke-dasharray=\"7 4\"/>"));
        svg.Append(cut
            ? Text($"<path d=\"M{to - 7:0.#} 35L{to:0.#} 40L{to - 7:0.#} 45\" fill=\"none\" stroke=\"#111\" stroke-width=\"2\"/>")
            : Text($"<line x1=\"{to:0.#}\" y1=\"34\" x2=\"{to:0.#}\" y2=\"46\" stroke=\"#111\" stroke-width=\"2\"/>"));
        var middle = (from + to) / 2;
        svg.Append(Text($"<text x=\"{Math.Clamp(middle, Left + 40, Left + Width - 60):0.#}\" y=\"54\" text-anchor=\"middle\">budget ")
            + Text($"{budget.Seconds:0.0} s</text>\n"));
    }

    private static void Events(StringBuilder svg, DrillResult result, Axis axis, double bottom)
    {
        var lastX = -100.0;
        var level = 0;
        foreach (var (one, number) in result.Events.Select(static (one, index) => (one, index + 1)))
        {
            var at = one.At.TotalSeconds;
            if (at < axis.From || at > axis.To)
            {
                continue;
            }

            // Marks that would cover each other stand one above the other.
            var x = axis.X(at);
            level = x - lastX < 17 ? (level + 1) % 2 : 0;
            lastX = x;
            var y = 10 + (level * 15);
            svg.Append(Text($"<line x1=\"{x:0.#}\" y1=\"{y + 7}\" x2=\"{x:0.#}\" y2=\"{bottom:0.#}\" stroke=\"#111\" ")
                + Text($"stroke-width=\"0.8\" stroke-dasharray=\"2 3\"/>"));
            svg.Append(Text($"<circle cx=\"{x:0.#}\" cy=\"{y}\" r=\"7.5\" fill=\"#fff\" stroke=\"#111\"/><text x=\"{x:0.#}\" ")
                + Text($"y=\"{y + 4}\" text-anchor=\"middle\" style=\"font-size:11px\">{number}</text>\n"));
        }
    }

    private static void Scale(StringBuilder svg, Axis axis, double y)
    {
        var span = axis.To - axis.From;
        var step = ((double[])[1, 2, 5, 10, 20, 30, 60]).First(one => span / one <= 20 || one >= 60);
        for (var at = Math.Ceiling((axis.From - axis.Fault) / step) * step; axis.Fault + at <= axis.To; at += step)
        {
            var x = axis.X(axis.Fault + at);
            svg.Append(Text($"<line x1=\"{x:0.#}\" y1=\"{y - 4:0.#}\" x2=\"{x:0.#}\" y2=\"{y:0.#}\" stroke=\"#111\"/><text x=\"{x:0.#}\" ")
                + Text($"y=\"{y + 13:0.#}\" text-anchor=\"middle\">{at:0} s</text>"));
        }

        svg.Append('\n');
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The stretch that is shown, in seconds: a little before the fault until the cluster was whole again.</summary>
    private sealed class Axis
    {
        public Axis(DrillResult result)
        {
            Fault = result.Events.FirstOrDefault(static one => one.Name == "fault")?.At.TotalSeconds ?? 0;
            var buckets = Math.Max(result.Writes.Successes.Count, 1);
            First = Math.Clamp((int)((Fault - Before.TotalSeconds) / Buckets.Width.TotalSeconds), 0, buckets - 1);
            Count = buckets - First;
            From = First * Buckets.Width.TotalSeconds;
            To = buckets * Buckets.Width.TotalSeconds;
        }

        public double Fault { get; }

        public double From { get; }

        public double To { get; }

        public int First { get; }

        public int Count { get; }

        public double X(double seconds) => Left + ((seconds - From) / (To - From) * Width);
    }
}
