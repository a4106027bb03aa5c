namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>What root's own environment on a host must not change: the modes of what the tools make, and whom they ask.</summary>
public sealed class EnvironmentTests
{
    // What systemd-run would run, with its environment of files only.
    private const string RunAtOnce = """
        while [ "${1#--}" != "$1" ]; do
          case $1 in --property=EnvironmentFile=*) variables=$(cat "${1##*=}") ;; esac
          shift
        done
        exec runuser -u postgres-ha-build -- env -i PATH="$PATH" $variables "$@"
        """;

    private const string Build = """
        . /usr/local/lib/postgres-ha/lib
        . /usr/local/lib/postgres-ha/artefact-lib
        artefact_identify test 1 <<RECIPE
        recipe
        RECIPE
        artefact_folder
        artefact_compile 60 test-compile
        """;

    private const string NoService = "case $1 in show) echo ;; *) exit 0 ;; esac";

    [HostTheory]
    [InlineData("022")]
    [InlineData("027")]
    [InlineData("077")]
    public void A_file_is_readable_for_its_reader_whatever_the_umask_is(string umask)
    {
        using var host = new ThrowAwayHost();

        var ended = host.Run(
            $"umask {umask}; echo text | /usr/local/lib/postgres-ha/file-write /etc/pgha-test/below/file root root 0644 && runuser -u "
            + "nobody -- cat /etc/pgha-test/below/file");

        Assert.True(ended.Code == 0, ended.Error);
        Assert.EndsWith("text\n", ended.Output, StringComparison.Ordinal);
    }

    [HostTheory]
    [InlineData("022")]
    [InlineData("027")]
    [InlineData("077")]
    public void Patroni_can_be_run_by_its_user_whatever_the_umask_is(string umask)
    {
        using var host = new ThrowAwayHost();
        // pip, without an index: the program that it would bring.
        host.Write("/srv/pip.py", """
            import os, sys
            path = sys.prefix + "/bin/patroni"
            # Not in /tmp, where a host may let nothing run.
            assert os.path.isdir(os.environ["TMPDIR"]) and os.environ["TMPDIR"] == sys.prefix + "/tmp", os.environ["TMPDIR"]
            os.makedirs(sys.prefix + "/lib/of-patroni", exist_ok=True)
            with open(path, "w") as program:
                program.write("#!/bin/sh\necho patroni 4.0.7\n")
            os.chmod(path, 0o777 & ~int(os.popen("umask").read(), 8))
            """);
        // As in EL8, where python3 is too old; and an administrator's own, which nobody else has said will stay.
        host.Write("/usr/bin/python3.12", """
            #!/bin/sh
            if [ "$1 $2" = "-m venv" ]; then
              mkdir -p "$3/bin" "$3/lib"
              printf '#!/bin/sh\ncase "$*" in *" pip "*) exec /usr/bin/python3 -c "import sys; sys.prefix = \\"%s\\"; exec(open(\\"/srv/pip.py\\").read())" ;; esac\n' "$3" >"$3/bin/python"
              chmod +x "$3/bin/python"
            fi
            """);
        host.Run("chmod 755 /usr/bin/python3.12; rm -f /usr/bin/python3.13");
        foreach (var own in new[] { "python3.13", "python3.12", "python3" })
        {
            host.Stub(own, "echo another Python >&2; exit 0");
        }

        var ended = host.Run(
            $"umask {umask}; /usr/local/lib/postgres-ha/patroni-install pip --home /var/lib/postgresql --data /srv/data/pg "
            + "--version 4.0.7");
        Assert.True(ended.Code == 0, ended.Error);
        Assert.DoesNotContain("another Python", ended.Error, StringComparison.Ordinal);
        Assert.Equal(2, host.Run("ls /opt/patroni/tmp").Code);
        Assert.Equal("patroni 4.0.7\n", host.Run("runuser -u postgres -- /opt/patroni/bin/patroni --version").Output);
        Assert.Equal(
            0, host.Run("runuser -u postgres -- sh -c 'ls /opt/patroni/lib/of-patroni /etc/patroni && touch /srv/data/pg/file'").Code);
    }

    [HostTheory]
    [InlineData("027")]
    [InlineData("077")]
    public void Etcd_can_read_its_configuration_whatever_the_umask_is(string umask)
    {
        using var host = new ThrowAwayHost();
        host.Stub("etcd", "echo etcd Version: 3.5.30");
        host.Write("/usr/bin/etcd", "").Run("cp /usr/local/sbin/etcd /usr/bin/etcd; chmod 755 /usr/bin/etcd");

        var ended = host.Run(
            $"umask {umask}; /usr/local/lib/postgres-ha/etcd-install package /srv/below/etcd && echo x | "
            + "/usr/local/lib/postgres-ha/file-write /etc/etcd/etcd.conf.yml root root 0644");

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Equal(0, host.Run("runuser -u etcd -- sh -c 'cat /etc/etcd/etcd.conf.yml && touch /srv/below/etcd/member'").Code);
    }

    [HostTheory]
    [InlineData("027")]
    [InlineData("077")]
    public void The_build_user_reaches_folder_and_log_whatever_the_umask_is(string umask)
    {
        using var host = new ThrowAwayHost();
        host.Stub("systemd-run", RunAtOnce)
            .Stub("systemctl", NoService);
        host.Write("/usr/local/lib/postgres-ha/test-compile", "#!/bin/sh\ncd \"$1\" && echo archive >result.tar.gz && echo said\n");
        host.Run("chmod 755 /usr/local/lib/postgres-ha/test-compile");
        var ended = host.Run($"umask {umask}; set -eu\n{Build}");

        Assert.True(ended.Code == 0, ended.Error + ended.Output);
        Assert.Contains("compiling test-1", ended.Output, StringComparison.Ordinal);
        Assert.Equal(0, host.Run("runuser -u nobody -- sh -c 'cat /var/cache/postgres-ha/*.tar.gz'").Code);
    }

    [HostFact]
    public void A_compilation_downloads_through_the_proxy_that_root_has()
    {
        using var host = new ThrowAwayHost();
        host.Stub("systemd-run", RunAtOnce).Stub("systemctl", NoService);
        host.Write("/usr/local/lib/postgres-ha/test-compile", "#!/bin/sh\ncd \"$1\" && env | grep -i _proxy= | sort >result.tar.gz\n");
        host.Run("chmod 755 /usr/local/lib/postgres-ha/test-compile");

        var ended = host.Run(
            "set -eu\n" + Build, "", ("https_proxy", "http://user:word@proxy:3128"), ("NO_PROXY", "example.org"));

        Assert.True(ended.Code == 0, ended.Error);
        Assert.Equal(
            "https_proxy=http://user:word@proxy:3128\nno_proxy=example.org\n", host.Run("cat /var/cache/postgres-ha/*.tar.gz").Output);
        Assert.DoesNotContain("word", ended.Output + ended.Error, StringComparison.Ordinal);
    }

    [HostTheory]
    [InlineData("http_proxy", null)]
    [InlineData("HTTP_PROXY", null)]
    [InlineData("ALL_PROXY", null)]
    [InlineData("all_proxy", "example.org")]
    public void A_proxy_is_never_asked_for_the_cluster_s_own_addresses(string variable, string? exceptions)
    {
        using var server = new LocalAnswers("""{"health":"true"}""");
        using var host = new ThrowAwayHost();

        // Nothing listens at the proxy's address, so whatever goes there fails.
        var ended = host.Run(
            $"set -eu; . /usr/local/lib/postgres-ha/lib; . /usr/local/lib/postgres-ha/etcd-lib; member_health {server.Url} && listens "
            + $"{server.Url} && echo fine",
            "",
            [(variable, "http://127.0.0.1:9"), .. exceptions is null ? Array.Empty<(string, string)>() : [("no_proxy", exceptions)]]);

        Assert.Equal((0, "fine\n"), (ended.Code, ended.Output));
    }

    [HostFact]
    public void A_download_goes_through_the_proxy_also_from_a_tool_that_another_one_calls()
    {
        using var proxy = new LocalAnswers("whole");
        using var host = new ThrowAwayHost();

        var ended = host.Run(
            """
            set -eu
            . /usr/local/lib/postgres-ha/lib
            sh -euc '. /usr/local/lib/postgres-ha/lib; . /usr/local/lib/postgres-ha/artefact-lib; download http://mirror.invalid/archive /srv/archive -'
            cat /srv/archive
            """,
            "",
            ("http_proxy", proxy.Url),
            ("no_proxy", "localhost"));

        Assert.Equal("whole", ended.Output);
        Assert.Equal(["GET http://mirror.invalid/archive HTTP/1.1"], proxy.Requests);
    }

    [HostFact]
    public void An_archive_of_the_build_host_is_fetched_without_the_proxy()
    {
        using var host = new ThrowAwayHost();
        using var peer = new LocalAnswers("cd42404d52ad55ccfa9aca4adc828aa5800ad9d385a0671fbcbf724118320619  archive");

        host.Run(
            $"set -eu; . /usr/local/lib/postgres-ha/lib; . /usr/local/lib/postgres-ha/artefact-lib; artefact_path=/srv/a "
            + $"artefact_name=archive; artefact_fetch {peer.Url} - directly || true",
            "",
            ("http_proxy", "http://127.0.0.1:9"));

        Assert.Equal(["GET /archive.tar.gz.sha256 HTTP/1.1", "GET /archive.tar.gz HTTP/1.1"], peer.Requests);
    }
}
