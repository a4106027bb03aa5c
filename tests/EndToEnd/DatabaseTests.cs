using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>PostgreSQL itself: its table of parameters, databases of any kind, a build that is installed anew.</summary>
public sealed partial class ClusterTests
{
    private const string Psql = "runuser -u postgres -- /opt/pgsql/bin/psql -h /tmp -XAtq -v ON_ERROR_STOP=1 -d postgres";

    // The specification's own file, whose head has the statement it was made by. Values of compressions depend on how PostgreSQL is built.
    [LabFact]
    public void The_table_of_parameters_is_the_servers_own()
    {
        var file = File.ReadAllLines(Path.Combine(LabFixture.Root(), "specification/postgresql-17.parameters"));
        var statement = string
            .Concat(file.Where(static line => line.StartsWith("#   ", StringComparison.Ordinal)).Select(static line => line[3..]));
        var running = Superuser(_lab.Leader(), statement + ";").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split('|')).ToList();
        var known = file.Where(static line => !line.StartsWith('#')).Select(static line => line.Split('|'))
            .ToDictionary(static fields => fields[0]);

        Assert.True(running.Count > 350, $"only {running.Count} parameters were told");
        // The lab may have to take another version of 17 than the table was made of.
        Assert.All(running.Where(static fields => fields[0] != "server_version_num"), fields =>
        {
            Assert.Equal(known[fields[0]][..6], fields[..6]);
            Assert.Empty(fields[6].Split(',').Except(known[fields[0]][6].Split(',')));
        });
    }

    [LabFact]
    public void Databases_of_any_kind_do_not_stop_an_up()
    {
        // As an interrupted DROP DATABASE leaves it; a name that is a connection string; defaults that stop a tool from writing, or from
        // entering.
        string[] names = ["broken", "a=b", "postgresql://x/y", "readonly", "serial", "closed"];
        Superuser(_lab.Leader(), string.Concat(names.Select(static name => $"create database \"{name}\";\n")) + """
            update pg_database set datconnlimit = -2 where datname = 'broken';
            alter database readonly set default_transaction_read_only = on;
            alter database serial set default_transaction_isolation = serializable;
            alter database closed set session_preload_libraries = 'nothing_like_it';
            """);
        try
        {
            _lab.Stack.RaiseReapply();
            _lab.Pgha.Run("up").Succeeded("up");
            // In postgres alone, where every PgBouncer knows auth_dbname (1.19).
            var everywhere = LabFixture.Hosts.Keys.Any(host =>
                Version.Parse(_lab.Pgha.OnHost(host, "pgbouncer --version").Output.Split('\n')[0].Split(' ')[1]) < new Version(1, 19));
            Assert.Equal("t", Superuser(_lab.Leader(), "select to_regprocedure('pgbouncer.user_lookup(text)') is not null;").Trim());
            Assert.Equal(
                everywhere ? "t" : "f",
                Superuser(_lab.Leader(), "\\c \"dbname='a=b'\"\nselect to_regnamespace('pgbouncer') is not null;").Trim());
            Assert.Equal(everywhere, _lab.Database.Ask<bool>(Database.PooledWrite, "select to_regnamespace('pgbouncer') is not null"));
        }
        finally
        {
            Superuser(_lab.Leader(), string.Concat(names.Select(static name => $"drop database \"{name}\";\n")));
        }
    }

    // As after changed configureFlags, without the minutes that compiling takes: the prefix is another since now.
    [LabFact]
    public void A_build_installed_after_PostgreSQL_was_started_restarts_it()
    {
        const string Started = "select pg_postmaster_start_time();";
        var before = LabFixture.Hosts.Keys.ToDictionary(static host => host, host => Superuser(host, Started));
        foreach (var host in LabFixture.Hosts.Keys)
        {
            _lab.Pgha.OnHost(host, "touch -h /opt/pgsql").Succeeded("touch");
        }

        _lab.Stack.RaiseReapply();
        using var client = new SteadyClient(_lab.Database);
        var answer = _lab.Pgha.Run("up").Succeeded("up");
        client.Continue(writes: 20);

        Assert.Equal(0, client.Stop());
        Assert.All(LabFixture.Hosts.Keys, host => Assert.NotEqual(before[host], Superuser(host, Started)));
        Assert.Contains("for the build that was installed", answer.Output, StringComparison.Ordinal);
        _lab.WaitUntilHealthy(Settled);
    }

    // What a DBA sets by hand is seen before an up removes it, and what the stack file has no key for stays.
    [LabFact]
    public void What_was_set_by_hand_is_shown_before_it_goes()
    {
        _lab.Pgha.OnHost(
            _lab.Leader(), "/usr/local/bin/patronictl edit-config --force --quiet -s member_slots_ttl=1h -p bgwriter_delay=250ms")
            .Succeeded("edit-config");

        Assert.Contains(
            "postgresql.parameters.bgwriter_delay is 250ms",
            _lab.Pgha.Run("preview", "--running").Succeeded("preview").Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "postgresql.parameters.bgwriter_delay",
            _lab.Pgha.Run("status").Succeeded("status").Output.ReplaceLineEndings(""),
            StringComparison.Ordinal);

        _lab.Stack.RaiseReapply();
        Assert.Contains("has no key for it: member_slots_ttl", _lab.Pgha.Run("up").Succeeded("up").Output, StringComparison.Ordinal);
        Assert.Contains(
            "as the stack file asks", _lab.Pgha.Run("preview", "--running").Succeeded("preview").Output, StringComparison.Ordinal);
        Assert.Contains(
            "member_slots_ttl", _lab.Pgha.OnHost(_lab.Leader(), "/usr/local/bin/patronictl show-config").Output, StringComparison.Ordinal);
        _lab.Pgha.OnHost(_lab.Leader(), "/usr/local/bin/patronictl edit-config --force --quiet -s member_slots_ttl=null")
            .Succeeded("edit-config");
    }

    private string Superuser(string host, string sql) =>
        _lab.Pgha.OnHost(host, $"cd / && {Psql}", sql + "\n").Succeeded($"psql on {host}").Output;
}
