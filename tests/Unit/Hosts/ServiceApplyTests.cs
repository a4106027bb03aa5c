using PostgresHa.Components.Remote;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// What a service runs with, whatever became of the attempts before: service-apply on a real host's files, with a systemctl whose unit
/// keeps the content of its file as it was when it was started or told to reload.
/// </summary>
public sealed class ServiceApplyTests
{
    private const string Record = HostPaths.State + "/applied/test.service";

    // A content with `bad` in it passes every validator and is not survived: a start fails, a reload goes on with the old one.
    private const string Systemctl = """
        cd /srv
        began() { cp conf runs; echo active >state; date '+%a %F %T %Z' >started; }
        act() {
          echo "$1" >>actions
          case $1 in
            reload) if grep -q bad conf; then return 1; fi; cp conf runs ;;
            *) if grep -q bad conf; then rm -f runs; echo failed >state; return 1; fi; began ;;
          esac
        }
        case $1 in
          show)
            case $3 in
              NeedDaemonReload) echo no ;;
              ActiveState) cat state 2>/dev/null || echo inactive ;;
              MainPID) if grep -qs active state; then echo 4242; else echo 0; fi ;;
              CanReload) echo yes ;;
              ExecMainStartTimestamp) cat started 2>/dev/null ;;
            esac ;;
          is-enabled) echo enabled ;;
          is-active) cat state ;;
          start | restart | reload)
            if [ -e kill-before ]; then rm kill-before; kill -9 "$PPID"; fi
            result=0
            act "$1" || result=1
            if [ -e kill-after ]; then rm kill-after; kill -9 "$PPID"; fi
            exit $result ;;
        esac
        exit 0
        """;

    [HostTheory]
    [InlineData("restart", "touch /srv/kill-before")]
    [InlineData("restart", "touch /srv/kill-after")]
    [InlineData("restart", "touch /srv/sick")]
    [InlineData("restart", "echo bad >>/srv/conf")]
    [InlineData("reload", "touch /srv/kill-before")]
    [InlineData("reload", "touch /srv/kill-after")]
    [InlineData("reload", "touch /srv/sick")]
    [InlineData("reload", "echo bad >>/srv/conf")]
    public void After_an_attempt_that_failed_the_old_file_is_what_runs(string effect, string happens)
    {
        using var host = Started(effect);

        var tried = host.Run($"echo new >/srv/conf; {happens}; {Apply(effect)}; code=$?; rm -f /srv/sick; exit $code");
        Assert.NotEqual(0, tried.Code);
        Assert.StartsWith($"pending {effect} ", host.Run($"cat {Record}").Output, StringComparison.Ordinal);
        Assert.Contains(
            $"test.service: its last change ({effect}) was not completed",
            host.Run("touch /var/lib/postgres-ha/manifest; " + HostPaths.Tool("host-drift")).Output,
            StringComparison.Ordinal);

        var undone = host.Run($"echo old >/srv/conf; : >/srv/actions; {Apply(effect)}");
        Assert.True(undone.Code == 0, undone.Error);
        Assert.StartsWith("changed: ", undone.Output, StringComparison.Ordinal);
        Assert.Equal("old\n", host.Run("cat /srv/runs").Output);
        // A unit that the attempt left failed is started, any other gets again what it was owed.
        var failed = effect == "restart" && happens.Contains("bad", StringComparison.Ordinal);
        Assert.Equal((failed ? "start" : effect) + "\n", host.Run("cat /srv/actions").Output);
        AssertSettled(host, effect);
    }

    [HostFact]
    public void A_first_start_that_was_cut_off_is_not_repeated()
    {
        using var host = New();
        host.Run($"touch /srv/kill-after; {Apply("restart")}");

        var again = host.Run($": >/srv/actions; {Apply("restart")}; cat /srv/actions");

        Assert.True(again.Output == "unchanged: test.service\n", again.Output + again.Error);
        AssertSettled(host, "restart");
    }

    [HostFact]
    public void A_first_start_that_was_cut_off_is_repeated_with_another_version()
    {
        using var host = New();
        host.Run($"touch /srv/kill-after; echo version 2 | {Apply("restart")}");

        var again = host.Run($": >/srv/actions; echo version 1 | {Apply("restart")}; cat /srv/actions");

        Assert.True(again.Output == "changed: test.service restarted\nrestart\n", again.Output + again.Error);
    }

    // By itself or by hand, while a file lay there that was taken back since.
    [HostTheory]
    [InlineData("restart")]
    [InlineData("reload")]
    public void A_process_that_came_back_between_two_changes_is_not_what_the_record_says(string effect)
    {
        using var host = Started(effect);
        host.Run(
            $"touch -d '1 hour ago' {Record}; echo new >/srv/runs; date -d '30 minutes ago' '+%a %F %T %Z' >/srv/started; "
            + "cp /srv/conf /srv/conf.new; mv /srv/conf.new /srv/conf");

        var ended = host.Run(Apply(effect));

        Assert.True(ended.Output == $"changed: test.service {effect}ed\n", ended.Output + ended.Error);
        Assert.Equal("old\n", host.Run("cat /srv/runs").Output);
    }

    [HostFact]
    public void One_that_came_back_with_the_files_as_they_are_is_left_alone()
    {
        using var host = Started("restart");

        var ended = host.Run($"touch -d '1 hour ago' {Record}; {Apply("restart")}");

        Assert.Equal("unchanged: test.service\n", ended.Output);
    }

    [HostFact]
    public void What_a_reload_leaves_as_it_was_is_restarted()
    {
        using var host = Started("reload");

        // A port, for instance: the process tells of it by its health.
        var ended = host.Run(
            $"echo new >/srv/conf; : >/srv/actions; {Apply("reload", "[ -z \"$PGHA_SINCE\" ] || exit 75")}; "
            + $"cat /srv/actions; grep pending {Record}");

        Assert.Equal(
            "changed: test.service reloaded, and restarted for what a reload leaves as it was\nreload\nrestart\n",
            ended.Output);
    }

    [HostFact]
    public void After_a_reload_that_failed_one_with_a_careful_restart_is_restarted()
    {
        using var host = Started("reload");
        Assert.NotEqual(0, host.Run($"echo bad >/srv/conf; {Apply("reload")}").Code);

        var ended = host.Run(
            $"echo old >/srv/conf; : >/srv/actions; {Apply("reload")} --restarter 'systemctl restart test.service'; cat /srv/actions");

        Assert.True(ended.Output == "changed: test.service restarted\nrestart\n", ended.Output + ended.Error);
    }

    [HostFact]
    public void A_run_that_was_cut_off_and_still_waits_does_not_overrule_the_next_one()
    {
        using var host = Started("restart");
        // While the first waits for health, the second puts the old file back and is done.
        host.Write("/srv/health", $$"""
            [ ! -e /srv/first ] || exit 0
            touch /srv/first
            echo old >/srv/conf
            {{Apply("restart")}} >/srv/second 2>&1 || true
            """);

        var ended = host.Run($"echo new >/srv/conf; {Apply("restart", "sh /srv/health")}");

        Assert.Equal("changed: test.service restarted\n", host.Run("cat /srv/second").Output);
        Assert.NotEqual(0, ended.Code);
        Assert.Contains("another run has taken over test.service", ended.Error, StringComparison.Ordinal);
        Assert.Equal("old\n", host.Run("cat /srv/runs").Output);
        AssertSettled(host, "restart");
    }

    [HostTheory]
    [InlineData("restart", false)]
    [InlineData("restart", true)]
    [InlineData("reload", false)]
    [InlineData("reload", true)]
    public void A_file_that_was_not_watched_before_counts_only_where_the_process_cannot_have_read_it(string effect, bool isNewer)
    {
        using var host = New();
        host.Run($"echo one >/srv/more; {Apply("restart")}; : >/srv/actions");
        if (isNewer)
        {
            host.Run("date -d '-10 seconds' '+%a %F %T %Z' >/srv/started; echo two >/srv/more");
        }

        var ended = host.Run($"{Apply("restart")} --{effect} /srv/more; cat /srv/actions");

        Assert.True(
            ended.Output == (isNewer ? $"changed: test.service {effect}ed\n{effect}\n" : "unchanged: test.service\n"),
            ended.Output + ended.Error);
        AssertSettled(host, "restart");
    }

    private static void AssertSettled(ThrowAwayHost host, string effect)
    {
        var ended = host.Run($": >/srv/actions; {Apply(effect)}; cat /srv/actions; grep pending {Record}");
        Assert.True(ended.Output == "unchanged: test.service\n", ended.Output + ended.Error);
    }

    private static string Apply(string effect, string health = "test ! -e /srv/sick") =>
        $"{HostPaths.Tool("service-apply")} test.service 0 --{effect} /srv/conf --health '{health}'";

    private static ThrowAwayHost New() => new ThrowAwayHost().Write("/srv/conf", "old\n").Stub("systemctl", Systemctl);

    private static ThrowAwayHost Started(string effect)
    {
        var host = New();
        Assert.Equal("changed: test.service started\n", host.Tool(Apply(effect)[(HostPaths.Tools.Length + 1)..]));
        return host;
    }
}
