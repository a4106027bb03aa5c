using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>What the preflight asks apt, with a repository of one package as the host's only one.</summary>
public sealed class AptPackageTests
{
    // A fresh host: it knows of its repository and has not asked it yet. Whoever updates the host's own lists, or lets an update's hooks
    // run, is seen.
    private const string Repository = """
        set -e
        rm -rf /etc/apt/sources.list.d /etc/apt/sources.list /var/lib/apt/lists/* /etc/apt/apt.conf.d/*
        mkdir -p /srv/repository /srv/package/DEBIAN
        cd /srv/repository
        printf 'Package: pgha-test\nVersion: 1:1.18.0-1+deb12u1\nArchitecture: all\nProvides: pgha-virtual\nMaintainer: nobody <nobody@example.org>\nDescription: test\n' >/srv/package/DEBIAN/control
        dpkg-deb --build /srv/package pgha-test.deb >/dev/null
        { dpkg-deb -f pgha-test.deb; printf 'Filename: ./pgha-test.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s pgha-test.deb)" "$(sha256sum <pgha-test.deb | cut -d' ' -f1)"; } >Packages
        echo 'deb [trusted=yes] file:/srv/repository ./' >/etc/apt/sources.list
        echo 'APT::Update::Pre-Invoke { "touch /srv/hook"; }; APT::Update::Post-Invoke-Success { "touch /srv/hook"; };' >/etc/apt/apt.conf.d/50hook
        """;

    // apt's own, of what it was asked.
    private const string Logs = "/var/log/apt/";

    [AptFact]
    public void On_a_fresh_host_the_repository_is_asked_and_nothing_is_written()
    {
        using var host = Host();
        var before = host.Written(Logs);

        var ended = Preflight.Ask(host, "--packages 'pgha-test coreutils'");

        Assert.Equal(("unchanged: Test is fit (no SELinux)\n", ""), (ended.Output, ended.Error));
        Assert.Equal(before, host.Written(Logs));
    }

    [AptFact]
    public void What_it_copies_of_apts_settings_only_root_and_apts_own_user_may_read()
    {
        using var host = Host();
        host.Write("/etc/apt/apt.conf.d/60proxy", "Acquire::http::Proxy \"http://someone:t0psecret@127.0.0.1:9\";\n");
        host.Stub(
            "apt-get",
            "if [ -n \"${APT_CONFIG:-}\" ]; then grep -c t0psecret \"$APT_CONFIG\"; stat -c %a \"$APT_CONFIG\" "
            + "\"${APT_CONFIG%/*}/said\"; fi >>/srv/seen; exec /usr/bin/apt-get \"$@\"");

        Preflight.Ask(host, "--packages pgha-test");

        Assert.Equal(["1", "600"], host.Run("cat /srv/seen").Output.TrimEnd().Split('\n').Distinct().Order(StringComparer.Ordinal));
    }

    [AptFact]
    public void One_that_nobody_has_is_named_with_the_repository_that_has_it()
    {
        using var host = Host();
        var before = host.Written(Logs);
        const string Options = "--packages 'pgha-test pgha-nowhere python3.99' --build 'etcd 3.5.33 /nowhere pgha-dev' --origins "
            + "'pgha-nowhere=pgdg'";

        var ended = Preflight.Ask(host, Options);

        Assert.Collection(
            ended.Error.TrimEnd().Split('\n'),
            line =>
                Assert.EndsWith("has python3.99; see /etc/apt/sources.list and /etc/apt/sources.list.d", line, StringComparison.Ordinal),
            line => Assert.EndsWith(
                "has pgha-nowhere; to be had in the PostgreSQL project's repository (apt-get install -y postgresql-common, then run the "
                + "script in /usr/share/postgresql-common/pgdg)",
                line,
                StringComparison.Ordinal),
            line => Assert.EndsWith(
                "has pgha-dev, needed to compile; see /etc/apt/sources.list and /etc/apt/sources.list.d", line, StringComparison.Ordinal),
            line => Assert.Contains("3 problem(s)", line, StringComparison.Ordinal));
        Assert.Equal(before, host.Written(Logs));
        var installed = host.Run("/usr/local/lib/postgres-ha/packages-install pgha-test pgha-nowhere");
        Assert.Equal(1, installed.Code);
        Assert.Contains(" has pgha-nowhere; './pgha preflight' says which one to enable", installed.Error, StringComparison.Ordinal);

        host.Write("/etc/os-release", "ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME=Ubuntu\n");
        Assert.Contains(
            "has python3.99; it may be in universe (add-apt-repository -y universe)",
            Preflight.Ask(host, Options).Error,
            StringComparison.Ordinal);
    }

    [AptFact]
    public void A_repository_that_cannot_be_reached_is_one_line()
    {
        using var host = Host();
        host.Write(
            "/etc/apt/sources.list", "deb [trusted=yes] http://someone:t0psecret@127.0.0.1:9/ ./\ndeb [trusted=yes] file:/nowhere ./\n");

        var ended = Preflight.Ask(host, "--packages 'pgha-test pgha-nowhere'");

        Preflight.Names(
            ended,
            "is to install pgha-test, pgha-nowhere; mend that, or the proxy in root's environment",
            "cannot reach its package repositories (");
        Assert.Equal(2, ended.Error.TrimEnd().Split('\n').Length);
        Assert.DoesNotContain("t0psecret", ended.Error + ended.Output, StringComparison.Ordinal);
    }

    [AptFact]
    public void One_of_several_that_cannot_be_reached_does_not_matter_where_the_others_have_everything()
    {
        using var host = Host();
        host.Run("echo 'deb [trusted=yes] http://127.0.0.1:9/ ./' >>/etc/apt/sources.list");

        Assert.Equal("", Preflight.Ask(host, "--packages pgha-test").Error);
        Preflight.Names(Preflight.Ask(host, "--packages pgha-nowhere"), "has pgha-nowhere (http://127.0.0.1:9/", "could not be reached)");
    }

    [AptFact]
    public void With_everything_there_nobody_is_asked()
    {
        using var host = Host().Stub("apt-get", "echo apt-get was asked >&2; exit 1");

        Assert.Equal("", Preflight.Ask(host, "--packages 'coreutils dpkg'").Error);
    }

    [AptFact]
    public void A_name_that_another_package_provides_is_installed_once()
    {
        using var host = Host();
        Assert.Equal("", Preflight.Ask(host, "--packages pgha-virtual").Error);

        host.Tool("packages-install pgha-virtual");

        Assert.Equal("unchanged: packages are installed\n", host.Tool("packages-install pgha-virtual"));
    }

    [AptTheory]
    [InlineData("pgha-test 1.14 must -", "")]
    [InlineData("pgha-test 1.18.0 must -", "")]
    [InlineData("pgha-test 1.21 must some.key", "Test gives pgha-test 1.18.0-1+deb12u1, at least 1.21 is needed; a newer one may be had "
        + "in the PostgreSQL project's repository (apt-get")]
    [InlineData("pgha-test 1.21 must some.key", "or change some.key in the stack")]
    [InlineData("pgha-other 1.21 must some.key", "")]
    public void The_version_that_would_be_installed_counts(string least, string said)
    {
        using var host = Host();

        var error = Preflight.Ask(host, $"--packages pgha-test --origins pgha-test=pgdg --least '{least}'").Error;

        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.Equal(said.Length == 0, error.Length == 0);
    }

    [AptFact]
    public void The_version_that_is_installed_counts_before_the_one_to_be_had()
    {
        using var host = Host();
        host.Tool("packages-install pgha-test");
        host.Run("sed -i 's/^Version: .*/Version: 1:1.25/' /srv/repository/Packages; apt-get update");
        const string Options = "--packages pgha-test --origins pgha-test=pgdg --least ";

        var before = host.Written(Logs);
        Preflight.Names(
            Preflight.Ask(host, Options + "'pgha-test 1.21 must -'"),
            "has pgha-test 1.18.0-1+deb12u1, at least 1.21 is needed",
            "; upgrade it: apt-get install pgha-test");
        Assert.Equal(before, host.Written(Logs));

        var wished = Preflight.Ask(host, Options + "'pgha-test 1.21 wish something does not work'");
        Assert.Equal((0, ""), (wished.Code, wished.Error));
        Assert.Contains(": pgha-test is 1.18.0-1+deb12u1: something does not work\n", wished.Output, StringComparison.Ordinal);
    }

    // apt asks for the host's own system; a host of the Debian family may have rpm and dnf as well.
    private static ThrowAwayHost Host()
    {
        var host = Preflight.Bare("ID=debian\nPRETTY_NAME=Test\n").Stub("dnf", "echo dnf was asked >&2; exit 1")
            .Stub("rpm", "echo rpm was asked >&2; exit 1");
        var made = host.Run(Repository);
        Assert.True(made.Code == 0, made.Error);
        return host;
    }

    private static string? Missing => ThrowAwayHost.Missing ?? (Programs.Find("apt-get") is null ? "needs apt-get" : null);

    /// <summary>Skipped where there is no apt.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class AptFactAttribute : FactAttribute
    {
        public AptFactAttribute() => Skip = Missing;
    }

    /// <summary>The same for a theory.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class AptTheoryAttribute : TheoryAttribute
    {
        public AptTheoryAttribute() => Skip = Missing;
    }
}
