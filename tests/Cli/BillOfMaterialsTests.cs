using System.Globalization;
using System.Text.Json;
using PostgresHa.Cli.Bill;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Cli;

/// <summary>The document that <c>pgha bill</c> makes of the hosts' answers.</summary>
public sealed class BillOfMaterialsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-28T05:00:00Z", CultureInfo.InvariantCulture);

    private static readonly string Sum = new('a', 64);

    [Fact]
    public void It_holds_the_rules_of_the_format() => BomRules.Hold(Make(Cluster(), Hosts()).RootElement);

    [Fact]
    public void What_hosts_have_alike_is_one_component_and_what_differs_is_another()
    {
        var components = Components(Make(Cluster(), Hosts()));

        Assert.Equal(
            [
                "2.6.12-1+deb12u4 on standby1 pkg:deb/debian/haproxy@2.6.12-1%2Bdeb12u4?arch=amd64&distro=debian-12",
                "3.0.11-1 on mdw,standby pkg:deb/debian/haproxy@3.0.11-1?arch=amd64&distro=debian-13",
            ],
            Of(components, "haproxy").Select(Line).Order(StringComparer.Ordinal));
        // The same version, and another program.
        Assert.Equal(
            ["17.12 on mdw,standby pkg:generic/postgresql@17.12", "17.12 on standby1 pkg:generic/postgresql@17.12"],
            Of(components, "postgresql").Select(Line).Order(StringComparer.Ordinal));
        Assert.Equal("3.5.33 on mdw,standby,standby1 pkg:github/etcd-io/etcd@v3.5.33", Line(Assert.Single(Of(components, "etcd"))));
        Assert.Equal("4.1.5 on mdw,standby,standby1 pkg:pypi/patroni@4.1.5", Line(Assert.Single(Of(components, "patroni"))));
        Assert.Equal(["device", "device", "device"], ((string[])["mdw", "standby", "standby1"])
            .Select(name => Assert.Single(Of(components, name)).GetProperty("type").GetString()!));
    }

    [Fact]
    public void PostgreSQL_tells_what_it_was_built_from_and_how()
    {
        var cluster = Cluster();
        var postgres = Assert.Single(
            Of(Components(Make(cluster, Hosts())), "postgresql"),
            static component => Properties(component, "hosts").Single() == "mdw,standby");

        var source = Assert.Single(postgres.GetProperty("externalReferences").EnumerateArray());
        Assert.Equal("source-distribution", source.GetProperty("type").GetString());
        Assert.Equal("https://mirror.example.org/pg/postgresql-17.12.tar.bz2", source.GetProperty("url").GetString());
        Assert.Equal(cluster.Postgres.Sha256, source.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal(Sum, postgres.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal(["--prefix=/opt/pgsql", "--with-openssl"], Properties(postgres, "configure"));
        Assert.Equal(["gcc (Debian 14.2.0-19) 14.2.0"], Properties(postgres, "compiler"));
    }

    [Fact]
    public void Of_a_build_by_another_stack_file_no_source_is_claimed()
    {
        var hosts = Hosts().Select(static host => host with
        {
            Postgres = [.. host.Postgres.Select(static build => build with { AsWanted = false })],
        });
        var postgres = Of(Components(Make(Cluster(), [.. hosts])), "postgresql")[0];

        Assert.False(postgres.TryGetProperty("externalReferences", out _));
        Assert.Equal(["by another stack file"], Properties(postgres, "built"));
    }

    [Fact]
    public void Who_needs_what_can_be_followed_from_the_cluster_down()
    {
        using var bom = Make(Cluster(), Hosts());
        Dictionary<string, string[]> needs = new(StringComparer.Ordinal);
        foreach (var dependency in bom.RootElement.GetProperty("dependencies").EnumerateArray())
        {
            // Two components may have one name.
            var name = Name(dependency.GetProperty("ref"));
            needs[name] =
            [
                .. dependency.GetProperty("dependsOn").EnumerateArray().Select(Name).Union(needs.GetValueOrDefault(name, []))
                    .Order(StringComparer.Ordinal),
            ];
        }

        Assert.Equal(["host:mdw", "host:standby", "host:standby1"], needs["cluster"]);
        Assert.Equal(["debian", "etcd", "haproxy", "patroni", "postgresql"], needs["host:mdw"]);
        Assert.Equal(["gcc", "libssl3t64"], needs["postgresql"]);
        Assert.Equal(["go.etcd.io/bbolt", "std"], needs["etcd"]);
        Assert.Equal(["psycopg2-binary"], needs["patroni"]);

        static string Name(JsonElement reference) => reference.GetString()!.Split('@')[0];
    }

    [Fact]
    public void A_compiler_is_not_needed_to_run_unless_it_is()
    {
        var gcc = Assert.Single(Of(Components(Make(Cluster(), Hosts())), "gcc"));
        Assert.Equal("excluded", gcc.GetProperty("scope").GetString());
        Assert.Equal(["mdw"], Properties(gcc, "hosts"));

        // One of the services asks for it as well.
        var hosts = Hosts();
        hosts[1] = hosts[1] with { Packages = [.. hosts[1].Packages, Gcc] };
        gcc = Assert.Single(Of(Components(Make(Cluster(), hosts)), "gcc"));
        Assert.False(gcc.TryGetProperty("scope", out _));
        Assert.Equal(["mdw,standby"], Properties(gcc, "hosts"));
    }

    [Fact]
    public void The_same_content_has_the_same_text_and_number_but_for_the_time()
    {
        var (first, second) = (Document(Cluster(), Hosts(), Now), Document(Cluster(), Shuffled(), Now.AddDays(1)));
        Assert.NotEqual(first.Json(), second.Json());
        Assert.Equal(first.SerialNumber, second.SerialNumber);
        Assert.Equal(
            first.Json(), second.Json().Replace("2026-11-29T05:00:00Z", "2026-11-28T05:00:00Z", StringComparison.Ordinal));

        var hosts = Hosts();
        hosts[2] = hosts[2] with { Python = [hosts[2].Python[0]] };
        Assert.NotEqual(first.SerialNumber, Document(Cluster(), hosts, Now).SerialNumber);

        static HostBill[] Shuffled() =>
        [
            .. Hosts().Select(static host => host with
            {
                Packages = [.. host.Packages.Reverse()],
                Python = [.. host.Python.Reverse()],
            }),
        ];
    }

    [Fact]
    public void No_password_of_a_mirror_is_in_it_or_told_to_a_host()
    {
        var cluster = Cluster() with
        {
            Mirrors = new MirrorsSpecification
            {
                Postgres = "https://reader:hunter2@mirror.example.org/pg",
                Etcd = "https://token%40x:hunter2@mirror.example.org:8443/etcd.tar.gz?token=hunter2",
                Pip = "https://reader:hunter2@mirror.example.org/simple",
                Go = "https://reader:hunter2@mirror.example.org/go",
                Artefacts = "https://reader:hunter2@mirror.example.org/built",
            },
        };
        var text = Document(cluster, Hosts(), Now).Json();

        Assert.Contains("\"https://mirror.example.org/pg/postgresql-17.12.tar.bz2\"", text, StringComparison.Ordinal);
        Assert.Contains("\"https://mirror.example.org:8443/etcd.tar.gz\"", text, StringComparison.Ordinal);
        var asked = BillQuestion.CommandLine(cluster) + BillQuestion.Stdin(cluster, cluster.Hosts[0]);
        foreach (var secret in (string[])["hunter2", "reader", "token"])
        {
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, asked, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("debian", "1:2.2.7-1+b2", "0", "pkg:deb/x/a%2B%2B@1:2.2.7-1%2Bb2?arch=amd64&distro=x-9.6")]
    [InlineData("rhel", "2.2.8-6.el9", "1", "pkg:rpm/x/a%2B%2B@2.2.8-6.el9?arch=amd64&distro=x-9.6&epoch=1")]
    public void Packages_are_named_as_their_family_does(string system, string version, string epoch, string purl) => Assert.Equal(
        purl,
        PackageUrl.Of(
            system == "debian" ? "deb" : "rpm",
            new InstalledSystem("x", "9.6", "X 9.6"),
            new InstalledPackage("a++", version, epoch, "amd64", "")));

    private static readonly InstalledPackage Gcc = new("gcc", "4:14.2.0-1", "0", "amd64", "");

    private static ClusterSpecification Cluster()
    {
        var cluster = SampleCluster.With("""{ "version": "17.12" }""", "{}");
        return cluster with
        {
            Etcd = cluster.Etcd with
            {
                Method = EtcdMethod.Source,
                Version = "3.5.33",
                Sha256 = new string('e', 64),
                GoLibraries = GoLibraries.Distribution,
                PatchesSha256 = new string('f', 64),
            },
            Mirrors = cluster.Mirrors with
            {
                Postgres = "https://mirror.example.org/pg",
                Etcd = "https://mirror.example.org/etcd-3.5.33.tar.gz",
            },
        };
    }

    // Two hosts of one release, of which the first has compiled for both, and one of the release before.
    private static HostBill[] Hosts() =>
    [
        Host("13", Sum, "3.0.11-1", Gcc), Host("13", Sum, "3.0.11-1"), Host("12", new string('b', 64), "2.6.12-1+deb12u4"),
    ];

    private static HostBill Host(string release, string sum, string haproxy, params InstalledPackage[] builtWith) => new()
    {
        System = new InstalledSystem("debian", release, "Debian GNU/Linux " + release),
        Packages = [new InstalledPackage("haproxy", haproxy, "0", "amd64", "")],
        Postgres =
        [
            new InstalledPostgres
            {
                Path = "/opt/pgsql-17.12-0123456789ab",
                AsWanted = true,
                Used = true,
                Version = "17.12",
                Sha256 = sum,
                BuiltWith = builtWith,
                Flags = ["--prefix=/opt/pgsql", "--with-openssl"],
                Compiler = "gcc (Debian 14.2.0-19) 14.2.0",
                Libraries = [new InstalledPackage("libssl3t64", "3.5.4-1", "0", "amd64", "")],
            },
        ],
        Etcd = new InstalledEtcd
        {
            Path = "/usr/local/bin/etcd",
            AsWanted = true,
            Version = "3.5.33",
            Sha256 = new string('c', 64),
            BuiltWith = [],
            Go = "1.24.4",
            Modules = [new InstalledModule("go.etcd.io/bbolt", "v1.3.12")],
        },
        Python = [new InstalledPython("psycopg2-binary", "2.9.10", null), new InstalledPython("patroni", "4.1.5", "MIT")],
        Missing = [],
    };

    private static BomDocument Document(ClusterSpecification cluster, IReadOnlyList<HostBill> hosts, DateTimeOffset now) =>
        BillOfMaterials.Of(cluster, [.. cluster.Hosts.Zip(hosts)], now);

    private static JsonDocument Make(ClusterSpecification cluster, IReadOnlyList<HostBill> hosts) =>
        JsonDocument.Parse(Document(cluster, hosts, Now).Json());

    private static List<JsonElement> Components(JsonDocument bom) => [.. bom.RootElement.GetProperty("components").EnumerateArray()];

    private static List<JsonElement> Of(List<JsonElement> components, string name) =>
        [.. components.Where(component => component.GetProperty("name").GetString() == name)];

    private static IEnumerable<string> Properties(JsonElement component, string name) => component.GetProperty("properties")
        .EnumerateArray().Where(property => property.GetProperty("name").GetString() == "postgres-ha:" + name)
        .Select(static property => property.GetProperty("value").GetString()!);

    private static string Line(JsonElement component) =>
        $"{component.GetProperty("version").GetString()} on {Assert.Single(Properties(component, "hosts"))} "
        + component.GetProperty("purl").GetString();
}
