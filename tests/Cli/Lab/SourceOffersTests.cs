using PostgresHa.Lab;
using PostgresHa.Lab.Provision;

namespace PostgresHa.Tests.Cli.Lab;

/// <summary>Which version the lab tries first, second and last, by the state a mirror is in.</summary>
public sealed class SourceOffersTests
{
    private static readonly LabSource Postgres = new("17.12", "sum-12");

    [Fact]
    public void The_version_that_is_asked_for_comes_first_though_the_index_is_older()
    {
        Assert.Equal(
            ["17.12", "17.11", "17.9"],
            Versions(SourceOffers.Of(Postgres, 1, [Source("17.11", "trixie")], [Known("17.9"), Known("17.12")])));
    }

    [Fact]
    public void Nor_does_an_index_that_is_newer_hide_it()
    {
        Assert.Equal(
            ["17.12", "17.13", "17.11"],
            Versions(SourceOffers.Of(Postgres, 1, [Source("17.13", "trixie")], [Known("17.11"), Known("17.12")])));
    }

    [Fact]
    public void What_an_index_names_goes_before_what_is_only_remembered_and_numbers_count_as_numbers()
    {
        Assert.Equal(
            ["17.10", "17.9", "17.11"],
            Versions(SourceOffers.Of(new LabSource("17.20"), 1, [Source("17.9", "trixie"), Source("17.10", "testing")], [Known("17.11")])));
    }

    [Fact]
    public void Nothing_of_another_series_is_offered()
    {
        Assert.Equal(["17.11"], Versions(SourceOffers.Of(Postgres, 1, [Source("18.1", "testing"), Source("17.11", "trixie")], [])));
        Assert.Equal(
            ["3.5.30", "3.5.16"],
            Versions(SourceOffers.Of(
                new LabSource("3.5.33"), 2, [Source("3.5.16", "trixie"), Source("3.6.2", "unstable"), Source("3.5.30", "testing")], [])));
    }

    [Fact]
    public void Of_one_version_the_nearest_release_comes_first()
    {
        var offers = SourceOffers.Of(new LabSource("3.5.16"), 2, [Source("3.5.16", "trixie", "a"), Source("3.5.16", "testing", "b")], []);
        Assert.Equal(["trixie", "testing"], offers.Select(static offer => offer.Package.Suite));
    }

    [Fact]
    public void An_archive_of_the_stated_checksum_goes_before_another_of_the_same_version()
    {
        var offers = SourceOffers.Of(Postgres, 1, [Source("17.12", "trixie", "packed anew")], [Known("17.12")]);
        Assert.Equal(["sum-12", "packed anew"], offers.Select(static offer => offer.File.Sha256));
    }

    [Fact]
    public void Where_a_source_is_named_twice_it_is_tried_once()
    {
        Assert.Single(SourceOffers.Of(Postgres, 1, [Source("17.12", "trixie"), Source("17.12", "testing")], [Known("17.12")]));
    }

    [Fact]
    public void A_package_will_do_after_the_source_of_the_same_version()
    {
        var package = new SourcePackage("patroni", "4.1.5-2", "pool/main/p/patroni", [new SourceFile("patroni_4.1.5-2_all.deb", "deb")])
        {
            Suite = "testing",
        };
        var source = new SourcePackage("patroni", "4.1.5-2", "pool/main/p/patroni", [new SourceFile("patroni_4.1.5.orig.tar.gz", "source")])
        {
            Suite = "testing",
        };
        var older = new SourcePackage("patroni", "4.0.7-3", "pool/main/p/patroni", [new SourceFile("patroni_4.0.7.orig.tar.gz", "older")])
        {
            Suite = "trixie",
        };
        Assert.Equal(
            ["source", "deb", "older"],
            SourceOffers.Of(new LabSource("4.1.5"), 1, [older, source, package], []).Select(static offer => offer.File.Sha256));
    }

    [Fact]
    public void Indexes_of_several_releases_are_read_with_what_they_say_of_sources_and_packages()
    {
        var packages = SourcePackage.Parse("""

            === trixie
            Package: etcd
            Version: 3.5.16-4
            Directory: pool/main/e/etcd
            Checksums-Sha256:
             aa 1 etcd_3.5.16-4.dsc
             bb 2 etcd_3.5.16.orig.tar.gz
             cc 3 etcd_3.5.16-4.debian.tar.xz

            === testing
            Package: patroni
            Architecture: all
            Version: 4.1.5-2
            Filename: pool/main/p/patroni/patroni_4.1.5-2_all.deb
            SHA256: dd

            === unstable

            """);
        Assert.Equal(["etcd 3.5.16 trixie bb cc", "patroni 4.1.5 testing dd"], packages.Select(static package => string.Join(
            ' ',
            ((string?[])
            [
                package.Name, package.UpstreamVersion, package.Suite, (package.Original ?? package.Binary)!.Sha256,
                package.Packaging?.Sha256,
            ]).OfType<string>())));
        Assert.Equal("pool/main/p/patroni", packages[1].Directory);
    }

    private static SourcePackage Source(string version, string suite, string? sha256 = null) =>
        new(
            "program",
            version + "-1",
            "pool/main/p/program",
            [new SourceFile($"program_{version}.orig.tar.gz", sha256 ?? "sum-" + version.Split('.')[^1])])
        {
            Suite = suite,
        };

    private static SourcePackage Known(string version) =>
        new(
            "program",
            version + "-0",
            "pool/main/p/program",
            [new SourceFile($"program_{version}.orig.tar.gz", "sum-" + version.Split('.')[^1])]);

    private static IEnumerable<string> Versions(IEnumerable<SourceOffer> offers) => offers.Select(static offer => offer.Version);
}
