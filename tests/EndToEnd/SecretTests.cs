using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>Looks for the stack's passwords wherever they must not be.</summary>
public sealed partial class ClusterTests
{
    [LabFact]
    public void No_secret_is_in_the_arguments_of_any_process_during_up()
    {
        Assert.NotEmpty(_lab.ArgumentsDuringFirstUp);
        NothingIn("a process's arguments during lab up", _lab.ArgumentsDuringFirstUp);

        _lab.Stack.RaiseReapply();
        using var sampler = new ArgumentSampler();
        _lab.Pgha.Run("up").Succeeded("up");
        NothingIn("a process's arguments during up", sampler.Stop());
    }

    [LabFact]
    public void No_secret_is_in_what_pgha_prints()
    {
        _lab.Stack.RaiseReapply();
        _lab.Pgha.Run("preview").Succeeded("preview");
        var shown = _lab.Pgha.Run("outputs").Succeeded("outputs");
        Assert.Contains("vip", shown.Output, StringComparison.Ordinal);
        var rendered = Path.Combine(_lab.Stack.Folder, "rendered");
        _lab.Pgha.Run("render", "--out", rendered).Succeeded("render");
        NothingIn("pgha's output", [_lab.Pgha.Said]);
        NothingIn("a rendered file", Directory.EnumerateFiles(rendered, "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        _lab.Pgha.Run("up").Succeeded("up");
    }

    [LabFact]
    public void No_secret_is_in_plain_text_in_the_project()
    {
        // Everything beside the key, the passphrase and the hosts' own disks: state, logs, stack files.
        var files = Directory.EnumerateFiles(_lab.Stack.Folder, "*", new EnumerationOptions { RecurseSubdirectories = false })
            .Concat(Below(".state")).Concat(Below(".lab/state")).Concat(Below(".lab/log")).Concat(Below(".lab/server"));
        NothingIn("a file of the project", files.Select(File.ReadAllText));

        IEnumerable<string> Below(string folder) => Path.Combine(_lab.Stack.Folder, folder) is var path && Directory.Exists(path)
            // A socket cannot be read.
            ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
                .Where(static file => !file.EndsWith(".sock", StringComparison.Ordinal))
            : [];
    }

    [LabFact]
    public void No_secret_is_in_the_journals_or_in_world_readable_files_of_the_hosts()
    {
        var patterns = string.Join('\n', _lab.Secrets.Values) + "\n";
        foreach (var host in LabFixture.Hosts.Keys)
        {
            var found = _lab.Pgha.OnHost(
                host,
                """
                umask 077
                cat >/root/patterns
                journalctl --no-pager -o verbose | grep -cFf /root/patterns | sed '/^0$/d; s/$/ lines of the journal/'
                find /etc /opt /var /run /tmp /home /usr/local -xdev -type f -perm -004 -size -4M -print0 | xargs -0 -r grep -lFf /root/patterns
                rm /root/patterns
                """,
                patterns).Output.Trim();
            Assert.True(found.Length == 0, $"a secret is on {host} in:\n{found}");
        }
    }

    private void NothingIn(string place, IEnumerable<string> texts)
    {
        Assert.True(_lab.Secrets.Count >= 4, "too few secrets are known to search for");
        foreach (var text in texts)
        {
            foreach (var (name, secret) in _lab.Secrets.Where(pair => text.Contains(pair.Value, StringComparison.Ordinal)))
            {
                Assert.Fail($"{name} is in {place}: …{Around(text, secret)}…");
            }
        }
    }

    private static string Around(string text, string secret)
    {
        var at = text.IndexOf(secret, StringComparison.Ordinal);
        var from = Math.Max(0, at - 80);
        return text[from..at] + "[the secret]";
    }
}
