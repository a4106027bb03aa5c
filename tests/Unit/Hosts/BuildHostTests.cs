using PostgresHa.Components.Remote;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Builds on hosts of all kinds: what their archives are named after, and with which Go etcd is compiled.</summary>
public sealed class BuildHostTests
{
    [HostTheory]
    [InlineData("ID=debian\nVERSION_ID=\"12\"", "debian12")]
    [InlineData("ID=debian\nVERSION_ID=\"13\"", "debian13")]
    // Debian's testing has none.
    [InlineData("ID=debian", "debian")]
    [InlineData("ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"", "ubuntu24.04")]
    [InlineData("ID=\"rhel\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.6\"", "el9")]
    [InlineData("ID=\"rhel\"\nID_LIKE=\"fedora centos\"\nVERSION_ID=\"10.0\"", "el10")]
    [InlineData("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"9.5\"", "el9")]
    [InlineData("ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=\"8.10\"", "el8")]
    [InlineData("ID=\"centos\"\nID_LIKE=\"rhel fedora\"\nVERSION_ID=\"9\"", "el9")]
    [InlineData("ID=\"ol\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"9.6\"", "el9")]
    // No minor releases, and another ABI.
    [InlineData("ID=fedora\nVERSION_ID=42", "fedora42")]
    [InlineData("ID=\"amzn\"\nID_LIKE=\"fedora\"\nVERSION_ID=\"2023\"", "amzn2023")]
    [InlineData("ID=arch", "arch")]
    public void An_archive_is_named_after_the_system_it_runs_on(string release, string system)
    {
        using var host = new ThrowAwayHost();
        host.Write("/etc/os-release", release + "\n");
        var said = host.Run(
            $"""
            . {HostPaths.Tool("lib")}
            . {HostPaths.Tool("artefact-lib")}
            artefact_identify program 1.2 <<RECIPE
            recipe
            RECIPE
            uname -m
            echo "$artefact_recipe"
            echo "$artefact_name"
            """).Output.Split('\n');
        Assert.Equal($"program-1.2-{system}-{said[0]}-{said[1]}", said[2]);
    }

    [HostTheory]
    // The distribution's own, in whatever words it tells its version; whatever newer patch release the source would like.
    [InlineData("go1.25.0", "", "https://own.example.org,direct", "", "local https://own.example.org,direct")]
    [InlineData("go1.25.7 (Red Hat 1.25.7-1.el9)", "", "", "", "local direct")]
    [InlineData("go1.26.1 X:strictfipsruntime", "", "", "http://proxy.example.org", "local http://proxy.example.org")]
    // Older, and able to fetch one.
    [InlineData("go1.24.4", "go1.25.12", "", "", "auto direct")]
    public void Go_is_told_where_modules_come_from_and_which_of_its_versions_counts(
        string version, string fetched, string own, string proxy, string settings)
    {
        using var host = new ThrowAwayHost();
        var ended = Compile(host, version, fetched, proxy, own);

        Assert.True(ended.Code == 0, ended.Output + ended.Error);
        Assert.Contains(
            $"built with {settings} sum.golang.org off -trimpath -mod=readonly /srv/build/tmp /srv/build/tmp\n",
            ended.Output,
            StringComparison.Ordinal);
    }

    [HostTheory]
    [InlineData("go1.24.4", "etcd 3.5.33 needs Go 1.25.0 or later, this host has 1.24.4, and a newer one cannot be fetched from "
        + "http://proxy.example.org: go: download go1.25.12: no such host.")]
    [InlineData("go1.19.8", "etcd 3.5.33 needs Go 1.25.0 or later, this host has 1.19.8, which cannot fetch one.")]
    [InlineData("devel", "etcd 3.5.33 needs Go 1.25.0 or later, this host has none that tells its version, which cannot fetch one.")]
    public void A_Go_that_is_too_old_is_named_with_the_ways_out(string version, string message)
    {
        using var host = new ThrowAwayHost();
        var ended = Compile(host, version, "", "http://proxy.example.org");

        Assert.Equal(1, ended.Code);
        Assert.Contains(message, ended.Output, StringComparison.Ordinal);
        Assert.Contains("Ways out: etcd.method: archive", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("built with", ended.Output, StringComparison.Ordinal);
    }

    // A source of no more than what is looked at, and a Go that says what it is asked with.
    private static ThrowAwayHost.Ended Compile(ThrowAwayHost host, string version, string fetched, string proxy, string own = "")
    {
        host.Stub(
            "go",
            $$"""
            case $* in
              'env GOPROXY') echo "${GOPROXY-{{own}}}" ;;
              'env GOVERSION')
                if [ "$GOTOOLCHAIN" = local ]; then echo '{{version}}'; exit; fi
                if [ -z '{{fetched}}' ]; then echo 'go: download go1.25.12: no such host' >&2; exit 1; fi
                echo '{{fetched}}'
                ;;
              build*)
                while [ "$1" != -o ]; do shift; done
                echo program >"$2"
                echo "built with $GOTOOLCHAIN $GOPROXY $GOSUMDB $GOENV $GOFLAGS $TMPDIR $GOTMPDIR"
                ;;
              *) echo "unexpected: go $*"; exit 1 ;;
            esac
            """);
        return host.Run(
            $$"""
            mkdir -p /srv/build /srv/source/etcd-3.5.33/server /srv/source/etcd-3.5.33/etcdctl /srv/source/etcd-3.5.33/etcdutl
            printf 'module go.etcd.io/etcd/server/v3\n\ngo 1.25.0\n\ntoolchain go1.25.12\n' >/srv/source/etcd-3.5.33/server/go.mod
            tar -C /srv/source -czf /srv/build/source.tar.gz etcd-3.5.33
            GOPROXY=off GOTOOLCHAIN=go1.1 GOFLAGS=-mod=vendor PATH=/usr/local/sbin:$PATH {{HostPaths.Tool("etcd-compile")}} /srv/build 3.5.33 modules '{{proxy}}' 1
            """);
    }
}
