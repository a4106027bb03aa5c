namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Users and directories that were on the host before.</summary>
public sealed class UserTests
{
    private const string Logind = "/etc/systemd/logind.conf.d/90-postgres-ha.conf";

    [HostTheory]
    [InlineData("postgres")]
    [InlineData("etcd")]
    public void A_user_with_another_primary_group_can_use_what_is_made_for_it(string user)
    {
        using var host = new ThrowAwayHost();
        host.Run($"groupadd dba && useradd --system --gid dba --no-create-home {user}");

        Assert.StartsWith("changed: ", host.Tool($"user-ensure {user} /var/lib/{user}"), StringComparison.Ordinal);

        host.Tool($"file-write /etc/pgha-test/file root {user} 0640", "text");
        Assert.Equal("text", host.Run($"runuser -u {user} -- cat /etc/pgha-test/file").Output);
        Assert.Equal("dba\n", host.Run($"id -gn {user}").Output);
        Assert.StartsWith("unchanged: ", host.Tool($"user-ensure {user} /var/lib/{user}"), StringComparison.Ordinal);
    }

    [HostFact]
    public void Two_installations_at_once_make_one_user()
    {
        using var host = new ThrowAwayHost();

        var ended = host.Run("""
            cd /usr/local/lib/postgres-ha
            ./user-ensure postgres /srv & one=$!
            ./user-ensure postgres /srv & two=$!
            ./user-ensure postgres /srv && wait $one && wait $two
            """);

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Single(ended.Output.Split('\n'), line => line == "changed: user postgres");
    }

    [HostFact]
    public void Logind_leaves_the_shared_memory_of_a_user_that_is_no_system_user()
    {
        using var host = new ThrowAwayHost();
        // logind as it is: it knows a setting only after it was told to read it.
        host.Stub(
            "systemctl",
            $"case $* in 'kill --signal=HUP systemd-logind.service') grep -q '^RemoveIPC=no$' {Logind} && touch /run/pgha-read ;; esac")
            .Stub("loginctl", "[ -e /run/pgha-read ] && echo no || echo yes");
        host.Run("useradd --uid 1717 --user-group --no-create-home postgres");

        Assert.StartsWith("changed: ", host.Tool("user-ensure postgres /srv"), StringComparison.Ordinal);

        Assert.Equal("[Login]\nRemoveIPC=no\n", host.Run($"cat {Logind}").Output);
        Assert.StartsWith("unchanged: ", host.Tool("user-ensure postgres /srv"), StringComparison.Ordinal);
    }

    [HostFact]
    public void Logind_that_keeps_to_another_setting_is_named()
    {
        using var host = new ThrowAwayHost();
        host.Stub("systemctl", "exit 0").Stub("loginctl", "echo yes");
        host.Run("useradd --uid 1717 --user-group --no-create-home postgres");

        var ended = host.Run("/usr/local/lib/postgres-ha/user-ensure postgres /srv");

        Assert.Equal(1, ended.Code);
        Assert.Contains("set RemoveIPC=no in what comes after it", ended.Error, StringComparison.Ordinal);
    }

    [HostFact]
    public void A_system_user_needs_no_setting_of_logind_s()
    {
        using var host = new ThrowAwayHost();

        host.Tool("user-ensure postgres /srv");

        Assert.Equal(1, host.Run($"test -e {Logind}").Code);
    }
}
