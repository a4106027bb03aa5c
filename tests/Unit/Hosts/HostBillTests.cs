using System.Text.Json;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>The tool <c>host-bill</c>: what it finds of builds, environments and packages.</summary>
public sealed class HostBillTests
{
    // Programs that tell what real ones do, with what compilers leave in them behind the script's end.
    private const string Installed = """
        set -eu
        . /usr/local/lib/postgres-ha/lib
        . /usr/local/lib/postgres-ha/artefact-lib
        . /usr/local/lib/postgres-ha/postgres-lib
        . /usr/local/lib/postgres-ha/etcd-lib
        program() { mkdir -p "${1%/*}"; printf '#!/bin/sh\n%s\nexit\n' "$2" >"$1"; chmod 755 "$1"; }

        artefact_options "$@"
        postgres_identify
        for recipe in "$artefact_recipe" 0123456789ab; do
          folder=/opt/pgsql-$build_version-$recipe
          program "$folder/bin/postgres" "echo 'postgres (PostgreSQL) $build_version'"
          printf '\0PostgreSQL 17 on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit\0' >>"$folder/bin/postgres"
          program "$folder/bin/pg_config" "printf '%s\n' \" '--prefix=/opt/pgsql' 'CFLAGS=-O2 -g'\""
          # Linked with the C library.
          cp /usr/bin/env "$folder/bin/psql"
          touch "$folder/.postgres-ha"
        done
        ln -sfn "pgsql-$build_version-$artefact_recipe" /opt/pgsql
        /usr/local/lib/postgres-ha/host-bill coreutils >"$artefact_path.packages"

        for name in etcd etcdctl; do
          program "/usr/local/bin/$name" "printf 'etcd Version: 3.5.33\nGit SHA: x\nGo Version: go1.24.4\n'"
        done
        {
          printf '\0\060w\257\014\222t\010\002A\341\301\007\346\326\030\346path\tgo.etcd.io/etcd/server/v3\n'
          printf 'dep\tgo.etcd.io/bbolt\tv1.3.12\th1:x=\ndep\tgo.etcd.io/etcd/api/v3\tv3.5.33\t\n=>\t../api\t(devel)\t\n'
          printf 'dep\ta.org/b\tv1\th1:x=\n=>\tc.org/d\tv2\th1:y=\nbuild\tx=y\n\3712C1\206\030 r\000\202B\020A\026\330\362'
        } >>/usr/local/bin/etcd
        artefact_options ETCD
        etcd_identify
        printf '%s %s\n' "$artefact_name" "$(cat /usr/local/bin/etcd /usr/local/bin/etcdctl | sha256sum | cut -d' ' -f1)" \
          >/var/lib/postgres-ha/etcd.installed

        packages=/opt/patroni-4.1.5/lib/python3.11/site-packages
        mkdir -p "$packages/patroni-4.1.5.dist-info" "$packages/ydiff-1.4.2-py3.11.egg-info"
        printf 'Metadata-Version: 2.4\nName: patroni\nVersion: 4.1.5\nLicense-Expression: MIT\n\nVersion: 0\n' \
          >"$packages/patroni-4.1.5.dist-info/METADATA"
        printf 'Metadata-Version: 1.1\nName: ydiff\nVersion: 1.4.2\nLicense: BSD-3\n' >"$packages/ydiff-1.4.2-py3.11.egg-info/PKG-INFO"
        ln -sfn patroni-4.1.5 /opt/patroni
        """;

    [HostFact]
    public void What_is_there_is_told_and_what_the_stack_file_made_is_known_by_its_recipe()
    {
        using var host = new ThrowAwayHost();
        using var report = Ask(host, Cluster, Cluster, "coreutils", "awk");

        Assert.Empty(report.RootElement.GetProperty("missing").EnumerateArray());
        // Whatever the family calls its awk, it provides the name.
        Assert.Equal(["coreutils", "mawk"], Names(report.RootElement.GetProperty("packages")).Select(
            static name => name.EndsWith("awk", StringComparison.Ordinal) ? "mawk" : name));

        var builds = report.RootElement.GetProperty("postgres").EnumerateArray().ToList();
        Assert.Equal(2, builds.Count);
        var (used, other) = builds[0].GetProperty("used").GetBoolean() ? (builds[0], builds[1]) : (builds[1], builds[0]);
        Assert.True(used.GetProperty("asWanted").GetBoolean());
        Assert.False(other.GetProperty("used").GetBoolean());
        Assert.False(other.GetProperty("asWanted").GetBoolean());
        Assert.Equal(Cluster.Postgres.Version, used.GetProperty("version").GetString());
        Assert.Equal("gcc (Debian 14.2.0-19) 14.2.0", used.GetProperty("compiler").GetString());
        Assert.Equal(
            ["--prefix=/opt/pgsql", "CFLAGS=-O2 -g"],
            used.GetProperty("flags").EnumerateArray().Select(static flag => flag.GetString()));
        Assert.Contains("libc6", Names(used.GetProperty("libraries")));
        Assert.Equal(["coreutils"], Names(used.GetProperty("builtWith")));
        Assert.Empty(other.GetProperty("builtWith").EnumerateArray());

        var etcd = report.RootElement.GetProperty("etcd");
        Assert.True(etcd.GetProperty("asWanted").GetBoolean());
        Assert.Equal(("3.5.33", "1.24.4"), (etcd.GetProperty("version").GetString(), etcd.GetProperty("go").GetString()));
        Assert.Equal(["go.etcd.io/bbolt", "c.org/d"], Names(etcd.GetProperty("modules")));
        Assert.Equal(
            ["patroni 4.1.5 MIT", "ydiff 1.4.2 "],
            report.RootElement.GetProperty("python").EnumerateArray().Select(
                static package => $"{package.GetProperty("name")} {package.GetProperty("version")} {package.GetProperty("licence")}"));
    }

    [HostFact]
    public void Another_checksum_or_option_is_another_build()
    {
        foreach (var other in (ClusterSpecification[])
        [
            Cluster with { Postgres = Cluster.Postgres with { Sha256 = new string('0', 64) } },
            Cluster with { Postgres = Cluster.Postgres with { ConfigureFlags = ["--with-lz4"] } },
        ])
        {
            using var host = new ThrowAwayHost();
            using var report = Ask(host, Cluster, other with { Etcd = other.Etcd with { Sha256 = new string('0', 64) } });
            Assert.False(report.RootElement.GetProperty("etcd").GetProperty("asWanted").GetBoolean());
            Assert.DoesNotContain(
                report.RootElement.GetProperty("postgres").EnumerateArray(), static build => build.GetProperty("asWanted").GetBoolean());
        }
    }

    [HostFact]
    public void What_is_not_there_is_named()
    {
        using var host = new ThrowAwayHost();
        var ended = host.Run(
            $"rm -rf /opt/pgsql* /opt/patroni* /usr/local/bin/etcd; {HostPaths.Tool("host-bill")}",
            Question(Cluster, "coreutils", "no-such"));

        Assert.True(ended.Code == 0, ended.Error);
        using var report = JsonDocument.Parse(ended.Output);
        Assert.Equal(
            ["no-such", "PostgreSQL at /opt/pgsql", "etcd at /usr/local/bin", "Patroni at /opt/patroni"],
            report.RootElement.GetProperty("missing").EnumerateArray().Select(static name => name.GetString()));
    }

    [HostFact]
    public void A_build_is_recorded_with_the_packages_that_it_was_made_with()
    {
        using var host = new ThrowAwayHost();
        host.Stub("systemctl", "exit 3").Stub("systemd-run", "while [ \"$1\" != /bin/sh ]; do shift; done; exec \"$@\"");
        host.Write(HostPaths.Tool("some-compile"), "echo built >\"$1/result.tar.gz\"\n");
        var ended = host.Run(
            $"""
            set -eu
            chmod 755 {HostPaths.Tool("some-compile")}
            . {HostPaths.Tool("lib")}
            . {HostPaths.Tool("artefact-lib")}
            build_packages='coreutils no-such'
            artefact_identify some 1 <<RECIPE
            recipe
            RECIPE
            artefact_folder
            artefact_compile 60 some-compile
            cat "$artefact_path" "$artefact_path.packages"
            """);
        Assert.True(ended.Code == 0, ended.Output + ended.Error);
        var lines = ended.Output.TrimEnd().Split('\n');
        Assert.Equal("built", lines[^2]);
        Assert.Equal(["coreutils"], Names(JsonDocument.Parse(lines[^1]).RootElement));
    }

    private static ClusterSpecification Cluster { get; } = Yaml.Valid(Yaml.With());

    // The tool's options are those of its stack file, by which it was built.
    private static JsonDocument Ask(ThrowAwayHost host, ClusterSpecification built, ClusterSpecification wanted, params string[] packages)
    {
        var script = Installed.Replace("ETCD", Words(EtcdFiles.Recipe(built.Etcd)), StringComparison.Ordinal);
        var ended = host.Run(
            $"""
            rm -rf /opt/pgsql* /opt/patroni*
            mkdir -p /var/lib/postgres-ha
            set -- {Words(PostgresFiles.Recipe(built.Postgres))}
            {script}
            {HostPaths.Tool("host-bill")}
            """,
            Question(wanted, packages));
        Assert.True(ended.Code == 0, ended.Output + ended.Error);
        return JsonDocument.Parse(ended.Output);

        static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(static word => $"'{word}'"));
    }

    private static string Question(ClusterSpecification cluster, params string[] packages) => JsonSerializer.Serialize(new
    {
        packages,
        prefix = cluster.Postgres.Prefix,
        postgres = PostgresFiles.Recipe(cluster.Postgres),
        etcdMethod = "source",
        etcd = EtcdFiles.Recipe(cluster.Etcd),
        patroni = PatroniFiles.EnvironmentPath,
    });

    private static IEnumerable<string> Names(JsonElement packages) =>
        packages.EnumerateArray().Select(static package => package.GetProperty("name").GetString()!);
}
