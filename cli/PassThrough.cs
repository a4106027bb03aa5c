namespace PostgresHa.Cli;

/// <summary>Words that belong to another program, such as those after <c>lab ssh HOST</c>: their options are not ours.</summary>
public static class PassThrough
{
    private const string End = "--";

    // Of our options before those words, the ones that are followed by a value.
    private static readonly string[] WithValue = ["--project", "--stack", "-s"];

    /// <summary>Puts the mark that ends our options before the words of another program.</summary>
    /// <param name="args">The command line as it was typed.</param>
    public static IReadOnlyList<string> Prepare(IReadOnlyList<string> args)
    {
        if (Next(args, 0) is not { } lab || args[lab] != "lab" || Next(args, lab + 1) is not { } verb
            || args[verb] is not ("ssh" or "exec"))
        {
            return args;
        }

        // `ssh` is followed by the host, which is ours.
        var last = args[verb] == "ssh" ? Next(args, verb + 1) : verb;
        return last is not { } before || Next(args, before + 1) is not { } first
            ? args
            : [.. args.Take(first), End, .. args.Skip(first)];
    }

    // The next word that is no option of ours; null where there is none, or where the mark stands already.
    private static int? Next(IReadOnlyList<string> args, int from)
    {
        for (var i = from; i < args.Count && args[i] != End; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                return i;
            }

            i += WithValue.Contains(args[i]) ? 1 : 0;
        }

        return null;
    }
}
