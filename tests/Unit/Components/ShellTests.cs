namespace PostgresHa.Tests.Unit.Components;

/// <summary>
/// What is quoted here is read back by the shells that a login may have: words of every printable character, and whole scripts.
/// </summary>
public sealed class ShellTests
{
    private static readonly string[] Words =
    [
        "plain", "", "a b", "it's", "no!", "!!", "!", "\\!", "\"$HOME\" `id` $(id)", "50%", "~", "*?[a]{b,c}", "#;&|<>()", "\\",
        "ümlaut “x”",
        string.Concat(Enumerable.Range(32, 95).Select(c => (char)c)),
    ];

    private static readonly string Script = "# a comment, it's one!\nset -eu\nfor word in x 'a\\nb' '!'; do\n  printf '%s\\n' \"$word\"\n"
        + "done\nprintf '100%%\\t\\\\\\n'\nexit 0\n";

    [ProgramFact("sh")]
    public void A_POSIX_shell_reads_it_back() => ReadsBack("sh");

    [ProgramFact("bash")]
    public void Bash_reads_it_back() => ReadsBack("bash");

    [ProgramFact("tcsh")]
    public void The_C_shell_reads_it_back() => ReadsBack("tcsh");

    private static void ReadsBack(string shell)
    {
        var printed = Programs.Output(Programs.Path(shell), "-c", Shell.Join([Programs.Path("printf"), "%s\\n", .. Words]));
        Assert.Equal(string.Concat(Words.Select(word => word + "\n")), printed);

        // As sh itself runs it, in a line of one.
        var line = Shell.Join(Shell.Script(Script));
        Assert.DoesNotContain('\n', line);
        Assert.Equal(Programs.Output(Programs.Path("sh"), "-c", Script), Programs.Output(Programs.Path(shell), "-c", line));
    }
}
