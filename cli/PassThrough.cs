namespace PostgresHa.Cli;

/// <summary>Words that belong to another program, such as those after <c>lab ssh HOST</c>: their options are not ours.</summary>
public static class PassThrough
{
    private const string End = "--";

    /// <summary>Puts the mark that ends our options before the words of another program.</summary>
    /// <param name="args">The command line as it was typed.</param>
    public static IReadOnlyList<string> Prepare(IReadOnlyList<string> args)
    {
        for (var i = 0; i + 1 < args.Count; i++)
        {
            if (args[i] == End)
            {
                return args;
            }

            if (args[i] == "lab" && args[i + 1] is "ssh" or "exec")
            {
                // `ssh` is followed by the host, which is ours.
                var first = i + (args[i + 1] == "ssh" ? 3 : 2);
                var help = args.Skip(i + 2).FirstOrDefault() is "--help" or "-h" or "-?";
                return help || first >= args.Count || args[first] == End ? args : [.. args.Take(first), End, .. args.Skip(first)];
            }
        }

        return args;
    }
}
