using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Installing packages on a host where somebody was before.</summary>
public sealed class PackageTests
{
    // A package with a configuration file, in a repository of its own that is the host's only one.
    private const string Repository = """
        set -e
        rm -rf /etc/apt/sources.list.d /etc/apt/sources.list /var/lib/apt/lists/* /etc/apt/apt.conf.d/*
        mkdir -p /srv/repository /srv/package/DEBIAN /srv/package/etc/pgha-test
        cd /srv/repository
        echo 'the package'"'"'s' >/srv/package/etc/pgha-test/test.cfg
        echo /etc/pgha-test/test.cfg >/srv/package/DEBIAN/conffiles
        printf 'Package: pgha-test\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: test\n' >/srv/package/DEBIAN/control
        dpkg-deb --build /srv/package pgha-test.deb >/dev/null
        { dpkg-deb -f pgha-test.deb; printf 'Filename: ./pgha-test.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s pgha-test.deb)" "$(sha256sum <pgha-test.deb | cut -d' ' -f1)"; } >Packages
        echo 'deb [trusted=yes] file:/srv/repository ./' >/etc/apt/sources.list
        mkdir -p /etc/pgha-test
        echo somebody >/etc/pgha-test/test.cfg
        """;

    private const string State = "dpkg-query -W -f '${db:Status-Status}' pgha-test; echo; cat /etc/pgha-test/test.cfg";

    [AptFact]
    public void A_configuration_file_that_was_there_first_stays_and_asks_nothing()
    {
        using var host = new ThrowAwayHost();
        Assert.Equal(0, host.Run(Repository).Code);

        Assert.Contains("changed: installed pgha-test", host.Tool("packages-install pgha-test"), StringComparison.Ordinal);

        Assert.Equal("installed\nsomebody\n", host.Run(State).Output);
        Assert.Contains("unchanged: ", host.Tool("packages-install pgha-test"), StringComparison.Ordinal);
    }

    [AptFact]
    public void An_installation_that_stopped_at_such_a_question_is_finished()
    {
        using var host = new ThrowAwayHost();
        Assert.Equal(0, host.Run(Repository).Code);
        var stopped = host.Run(
            "apt-get update >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y pgha-test </dev/null");
        Assert.Contains("conffile prompt", stopped.Error + stopped.Output, StringComparison.Ordinal);
        Assert.Equal(
            "half-configured\nsomebody\n", host.Run(State).Output.Replace("unpacked", "half-configured", StringComparison.Ordinal));

        host.Tool("packages-install pgha-test");

        Assert.Equal("installed\nsomebody\n", host.Run(State).Output);
    }

    /// <summary>Skipped where there is no apt.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class AptFactAttribute : FactAttribute
    {
        public AptFactAttribute() => Skip = ThrowAwayHost.Missing ?? (Programs.Find("apt-get") is null ? "needs apt-get" : null);
    }
}
