using PostgresHa.Components;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>What the preflight asks dnf and what is then installed by it, with the stack's own lists of packages.</summary>
public sealed class RpmPackageTests
{
    // Names that the RHEL family gives by another package (spec files of release 8 and 9: procps-ng.spec, python36.spec, python3.12.spec).
    private static readonly Dictionary<string, string> Providers = new(StringComparer.Ordinal)
    {
        ["procps"] = "procps-ng",
        ["python3"] = "python36",
    };

    [RpmTheory]
    [InlineData("pip", "source")]
    [InlineData("package", "package")]
    public void With_all_packages_to_be_had_a_host_is_fit_and_gets_them_once(string patroni, string etcd)
    {
        var cluster = Cluster(patroni, etcd);
        using var host = RpmRepository.Host(Wanted(cluster).Select(Package));
        var before = State(host);

        Assert.Equal(("unchanged: Rocky Linux 9.6 is fit (no SELinux)\n", ""), Said(Ask(host, cluster)));
        Assert.Equal(before, State(host));

        var install = "packages-install " + Shell.Join(HostPackages.Of(ClusterServices.All, cluster, cluster.Hosts[0]));
        Assert.StartsWith("changed: installed ", host.Tool(install), StringComparison.Ordinal);
        foreach (var name in HostPackages.Of(ClusterServices.All, cluster, cluster.Hosts[0]))
        {
            Assert.Equal(0, host.Run($"rpm -q --whatprovides {name}").Code);
        }

        // Nobody is asked any more for what is there.
        host.Tool("packages-install " + Shell.Join(Wanted(cluster)));
        host.Stub("dnf", "echo dnf was asked >&2; exit 1");
        Assert.Equal("unchanged: packages are installed\n", host.Tool(install));
        Assert.Equal(("unchanged: Rocky Linux 9.6 is fit (no SELinux)\n", ""), Said(Ask(host, cluster)));
    }

    [RpmTheory]
    [InlineData("pip", "source", "pgbouncer", "no repository of this host has pgbouncer;", "EPEL (dnf install -y epel-release) or in the "
        + "PostgreSQL project's repository (install pgdg-redhat-repo-latest for EL-")]
    [InlineData("package", "package", "patroni", "has patroni;", "the PostgreSQL project's repository (install "
        + "pgdg-redhat-repo-latest for EL-")]
    [InlineData("package", "package", "etcd", "has etcd;", "dnf config-manager --set-enabled pgdg-rhel9-extras)")]
    [InlineData(
        "pip",
        "source",
        "libxml2-devel readline-devel",
        "has libxml2-devel, readline-devel, needed to compile;",
        "CodeReady Builder (dnf config-manager --set-enabled crb)")]
    [InlineData("pip", "source", "keepalived", "has keepalived;", "pgdg-rhel9-extras")]
    [InlineData("pip", "source", "golang", "has golang, needed to compile;", "dnf repolist --all")]
    public void One_that_nobody_has_is_named_with_the_repository_that_has_it(
        string patroni, string etcd, string lacking, string problem, string remedy)
    {
        var cluster = Cluster(patroni, etcd, "libxml");
        var names = lacking.Split(' ');
        using var host = RpmRepository.Host(Wanted(cluster).Except(names).Select(Package));
        var before = State(host);

        Preflight.Names(Ask(host, cluster), problem, remedy);

        Assert.Equal(before, State(host));
        var ended = host.Run("/usr/local/lib/postgres-ha/packages-install " + Shell.Join(Wanted(cluster)));
        Assert.Equal(1, ended.Code);
        Assert.Contains(
            $" has {string.Join(' ', names)}; './pgha preflight' says which one to enable", ended.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, host.Run("rpm -q haproxy").Code);
    }

    [RpmFact]
    public void Packages_of_several_places_are_one_line_for_each_place()
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host([]);

        var error = Ask(host, cluster).Error;

        var lines = error.TrimEnd().Split('\n');
        Assert.InRange(lines.Length, 5, 7);
        Assert.All(Wanted(cluster), name => Assert.Single(lines, line => line.Split([' ', ',', ';']).Contains(name)));
    }

    [RpmTheory]
    [InlineData("ID=rhel\nVERSION_ID=8.10\n", "libxml2-devel", "subscription-manager repos --enable codeready-builder-for-rhel-8-")]
    [InlineData("ID=ol\nVERSION_ID=9.4\n", "libxml2-devel", "dnf config-manager --set-enabled ol9_codeready_builder")]
    [InlineData("ID=almalinux\nVERSION_ID=8.10\n", "libxml2-devel", "dnf config-manager --set-enabled powertools")]
    [InlineData("ID=rhel\nVERSION_ID=10.0\n", "pgbouncer", "install epel-release-latest-10 as its project describes")]
    [InlineData("ID=ol\nVERSION_ID=9.4\n", "pgbouncer", "oracle-epel-release-el9")]
    public void How_a_repository_is_enabled_depends_on_the_system(string release, string lacking, string remedy)
    {
        var cluster = Cluster("pip", "source", "libxml");
        using var host = RpmRepository.Host(Wanted(cluster).Where(name => name != lacking).Select(Package), release);

        Preflight.Names(Ask(host, cluster), lacking, remedy);
    }

    [RpmFact]
    public void One_that_is_enabled_already_is_not_advised()
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host(Wanted(cluster).Where(static name => name != "pgbouncer").Select(Package));
        host.Run("sed 's/baseos/epel/' /etc/yum.repos.d/baseos.repo >/etc/yum.repos.d/epel.repo");

        var line = Preflight.Names(Ask(host, cluster), "has pgbouncer;", "pgdg-redhat-repo");

        Assert.DoesNotContain("EPEL", line, StringComparison.Ordinal);
    }

    [RpmFact]
    public void One_that_is_excluded_is_not_to_be_had()
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host(Wanted(cluster).Select(Package));
        host.Run("echo excludepkgs=pgbouncer >>/etc/yum.repos.d/baseos.repo");

        Preflight.Names(Ask(host, cluster), "has pgbouncer;", "EPEL");
    }

    [RpmFact]
    public void What_a_package_lacks_itself_is_named()
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host(
            Wanted(cluster).Select(static name => Package(name) with { Requires = name == "pgbouncer" ? ["libevent-of-crb"] : [] }));

        Preflight.Names(Ask(host, cluster), "nothing provides libevent-of-crb needed by pgbouncer", "CodeReady Builder (");
    }

    [RpmTheory]
    [InlineData("file:///nowhere")]
    [InlineData("http://someone:t0psecret@127.0.0.1:9/")]
    public void Repositories_that_cannot_be_reached_are_one_line(string address)
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host([]);
        host.Run($"sed -i 's|^baseurl=.*|baseurl={address}|' /etc/yum.repos.d/baseos.repo");

        var ended = Ask(host, cluster);

        Preflight.Names(
            ended,
            "cannot reach its package repositories (Error: Failed to download metadata for repo 'baseos'",
            "the proxy in root's environment");
        Assert.DoesNotContain("t0psecret", ended.Error + ended.Output, StringComparison.Ordinal);
        Assert.Equal(2, ended.Error.TrimEnd().Split('\n').Length);
    }

    [RpmFact]
    public void A_repository_that_dnf_leaves_out_is_said()
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host(Wanted(cluster).Where(static name => name != "pgbouncer").Select(Package));
        host.Write("/etc/yum.repos.d/company.repo", "[company]\nname=company\nbaseurl=file:///nowhere\nskip_if_unavailable=True\n");

        Preflight.Names(Ask(host, cluster), "has pgbouncer (company could not be reached);", "EPEL");
    }

    [RpmFact]
    public void A_version_that_is_too_old_is_refused_with_where_a_newer_one_is()
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host(
            Wanted(cluster).Select(static name => Package(name) with { Version = name == "haproxy" ? "1.8.27" : "999" }));

        Preflight.Names(
            Ask(host, cluster), "Rocky Linux 9.6 gives haproxy 1.8.27, at least 2.2 is needed;", "--set-enabled pgdg-rhel9-extras");

        // Installed, it stays as it is.
        host.Tool("packages-install haproxy");
        Preflight.Names(
            Ask(host, cluster), "Rocky Linux 9.6 has haproxy 1.8.27, at least 2.2 is needed;", "--set-enabled pgdg-rhel9-extras");
    }

    [RpmFact]
    public void What_is_only_recommended_stays_out()
    {
        using var host = RpmRepository.Host([new RpmPackage("wanted") { Recommends = ["more"] }, new RpmPackage("more")]);

        host.Tool("packages-install wanted");

        Assert.Equal("wanted-999-1.noarch\n", host.Run("rpm -qa").Output);
    }

    [RpmFact]
    public void A_host_that_need_not_compile_is_fit_without_what_that_takes()
    {
        var cluster = Cluster("pip", "source");
        using var host = RpmRepository.Host(HostPackages.Of(ClusterServices.All, cluster, cluster.Hosts[0]).Select(Package));

        Assert.Equal(1, Ask(host, cluster).Code);
        host.Run("mkdir -p /var/cache/postgres-ha; touch /var/cache/postgres-ha/etcd-3.5.33-rocky9-x86_64-0123456789ab.tar.gz "
            + "/var/cache/postgres-ha/postgres-$VERSION-rocky9-x86_64-0123456789ab.tar.gz"
            .Replace("$VERSION", cluster.Postgres.Version, StringComparison.Ordinal)
                .Replace("3.5.33", cluster.Etcd.Version, StringComparison.Ordinal));

        var ended = Ask(host, cluster);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains("note: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("golang", ended.Output, StringComparison.Ordinal);

        // The others fetch what the first one compiles.
        host.Run("rm -rf /var/cache/postgres-ha");
        Assert.Equal(("unchanged: Rocky Linux 9.6 is fit (no SELinux)\n", ""), Said(Ask(host, cluster, 1)));
    }

    // Asked as the product asks, but for the host's address and hardware.
    private static ThrowAwayHost.Ended Ask(ThrowAwayHost host, ClusterSpecification cluster, int number = 0) => host.Run(
        "exec sh -s -- " + Shell.Join(
        [
            .. HostPreflight.Arguments(ClusterServices.All, cluster, cluster.Hosts[number], "postgres-ha/test"),
            "--cores", "1", "--memory", "1", "--interface", "lo", "--address", "127.0.0.1", "--data-space", "1", "--build-space", "1",
            "--clock", "no",
        ]),
        HostPreflight.Script);

    private static (string Output, string Error) Said(ThrowAwayHost.Ended ended) => (ended.Output, ended.Error);

    // Everything but what the package manager keeps of its repositories, its log and history, which it opens, and what a reader of its
    // database maps.
    private static IReadOnlyList<string> State(ThrowAwayHost host) =>
        host.Written("/var/cache/dnf", "/var/lib/dnf/history.sqlite", "/var/log/", "/var/lib/rpm/rpmdb.sqlite-shm");

    // Everything that the first host may be asked to install, as the product has it.
    private static IReadOnlyList<string> Wanted(ClusterSpecification cluster) =>
    [
        .. HostPackages.Of(ClusterServices.All, cluster, cluster.Hosts[0])
            .Concat(ClusterServices.All.Compiles(cluster, cluster.Hosts[0]).SelectMany(static program => program.Packages))
            .Distinct(),
    ];

    private static RpmPackage Package(string name) =>
        Providers.TryGetValue(name, out var provider) ? new RpmPackage(provider) { Provides = [name] } : new RpmPackage(name);

    private static ClusterSpecification Cluster(string patroni, string etcd, string flag = "openssl") => Yaml.Valid(Yaml.With(
        ("hostDefaults.system", "rhel"),
        ("patroni", Yaml.Parse($"{{ method: {patroni} }}")),
        ("etcd", Yaml.Parse($"{{ method: {etcd} }}")),
        ("tls", Yaml.Parse(flag == "openssl" ? "{ clients: required }" : "{ clients: off }")),
        ("postgres", Yaml.Parse($"{{ configureFlags: [--with-{flag}] }}"))));
}
