namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Undoing a drill's fault.</summary>
public sealed class DrillRestoreTests
{
    private const string List = "/run/postgres-ha-drill";

    [HostFact]
    public void An_undo_that_fails_is_tried_again_and_the_others_are_not()
    {
        using var host = new ThrowAwayHost();
        // The service starts only once somebody has mended it.
        host.Stub("systemctl", """
            echo "$*" >>/srv/asked
            case $* in "start broken.service") echo "it does not start" >&2; test -e /srv/mended ;; esac
            """);
        host.Run($"printf 'start first.service\\nstart broken.service\\nstart last.service\\n' >{List}");

        var first = host.Run("/usr/local/lib/postgres-ha/drill-restore");
        Assert.Equal(1, first.Code);
        Assert.Contains("it does not start", first.Error, StringComparison.Ordinal);
        Assert.Contains("still to be undone: start broken.service", first.Error, StringComparison.Ordinal);
        // The timer that would do it goes on waiting.
        Assert.Equal("start last.service\nstart broken.service\nstart first.service\n", host.Run("cat /srv/asked; rm /srv/asked").Output);

        Assert.Equal(1, host.Run("/usr/local/lib/postgres-ha/drill-restore").Code);
        Assert.Equal("start broken.service\n", host.Run("cat /srv/asked; rm /srv/asked; touch /srv/mended").Output);

        Assert.Equal("changed: restored\n", host.Tool("drill-restore"));
        Assert.Equal("start broken.service\nstop postgres-ha-drill.timer\n", host.Run("cat /srv/asked").Output);
        Assert.Equal("unchanged: nothing to restore\n", host.Tool("drill-restore"));
    }
}
