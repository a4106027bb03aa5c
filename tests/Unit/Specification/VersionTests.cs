using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Versions with known severe holes are warned of, those that do not work together are refused.</summary>
public sealed class VersionTests
{
    [Fact]
    public void The_defaults_have_no_known_hole_and_work_together() => Assert.Empty(Yaml.Read(Yaml.With()).Warnings);

    [Theory]
    [InlineData("postgres.version", "17.11", "CVE-2026-6460", "17.12")]
    [InlineData("postgres.version", "17.4", "CVE-2026-14680", "17.12")]
    [InlineData("postgres.version", "17.4", "CVE-2025-8714", "17.12")]
    [InlineData("etcd.version", "3.5.32", "CVE-2026-73499", "3.5.33")]
    [InlineData("etcd.version", "3.5.27", "CVE-2026-33413", "3.5.33")]
    [InlineData("etcd.version", "3.5.12", "pull/17425", "3.5.33")]
    [InlineData("patroni.version", "4.1.3", "version-414", "4.1.4")]
    [InlineData("patroni.version", "4.0.9", "version-414", "4.0.10")]
    public void A_version_with_known_holes_is_accepted_with_one_warning(string path, string version, string source, string mended)
    {
        var result = Yaml.Read(Yaml.With(path, $"\"{version}\""));

        Assert.NotNull(result.Specification);
        var warning = Assert.Single(result.Warnings);
        Assert.StartsWith($"postgres-ha:cluster.{path}: {version} has ", warning.ToString(), StringComparison.Ordinal);
        Assert.Contains(source, warning.Problem, StringComparison.Ordinal);
        Assert.Equal($"set it to at least {mended}", warning.Remedy);
        Assert.DoesNotContain('\n', warning.ToString());
    }

    [Theory]
    [InlineData("3.5.27", "4.0.7", null)]
    [InlineData("3.5.30", "4.0.7", "patroni.version")]
    [InlineData("3.5.33", "4.0.0", "patroni.version")]
    [InlineData("3.5.29", "4.1.0", "patroni.version")]
    [InlineData("3.5.29", "4.0.8", null)]
    [InlineData("3.5.29", "4.1.1", null)]
    [InlineData("3.6.8", "4.0.7", null)]
    [InlineData("3.6.10", "4.0.7", "patroni.version")]
    [InlineData("3.7.1", "4.1.0", "patroni.version")]
    [InlineData("3.5.28", "4.1.5", "etcd.version")]
    [InlineData("3.6.9", "4.0.10", "etcd.version")]
    [InlineData("3.5.30", null, null)]
    public void Etcd_that_asks_for_a_password_needs_a_Patroni_that_gives_it(string etcd, string? patroni, string? refused)
    {
        const string Sum = "665f67999b34fa6ab2c0dfabcc5029887316614431bed2f9f3ae128ae587a0eb";
        var result = Yaml.Read(Yaml.With(
            ("etcd", Yaml.Parse($"{{ version: {etcd}, sha256: {Sum} }}")),
            ("patroni", patroni is null ? null : Yaml.Parse($"{{ version: {patroni} }}"))));

        Assert.Equal(refused is null ? [] : ["postgres-ha:cluster." + refused], result.Errors.Select(static error => error.Path));
    }

    [Fact]
    public void Of_a_package_the_distribution_decides_the_version()
    {
        var result = Yaml.Read(Yaml.With(
            ("etcd", Yaml.Parse("{ method: package, version: 3.5.12 }")), ("patroni", Yaml.Parse("{ method: package, version: 4.0.5 }"))));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Warnings_stand_beside_errors() =>
        Assert.Equal(
            (1, 1),
            Yaml.Read(Yaml.With(("postgres.version", "17.9"), ("ports.write", 0))) is var result
                ? (result.Errors.Count, result.Warnings.Count)
                : default);

    [Theory]
    [InlineData("17.12", "17.12.0")]
    [InlineData("v3.5.33", "3.5.33")]
    [InlineData("1:2.2.7-1+b2", "2.2.7")]
    [InlineData("2.6.12-1+deb12u4", "2.6.12")]
    [InlineData("3.5-dev9", "3.5.0")]
    [InlineData("1.26.1", "1.26.1")]
    [InlineData("unknown", null)]
    [InlineData("17", null)]
    [InlineData(null, null)]
    public void A_version_is_found_in_what_programs_and_packages_say(string? text, string? expected) =>
        Assert.Equal(expected, ComponentVersion.Parse(text)?.ToString());

    [Theory]
    [InlineData(Component.PgBouncer, "1.18.0", "CVE-2026-6664")]
    [InlineData(Component.PgBouncer, "1.26.1", null)]
    [InlineData(Component.HAProxy, "3.0.11", "CVE-2026-110354")]
    [InlineData(Component.HAProxy, "3.1.2", "CVE-2026-110354")]
    [InlineData(Component.HAProxy, "3.2.26", null)]
    [InlineData(Component.HAProxy, "2.6.12", null)]
    [InlineData(Component.Keepalived, "2.2.7", null)]
    public void What_comes_in_packages_is_known_too(Component component, string version, string? source) => Assert.Equal(
        source is null ? [] : [source], KnownHoles.Of(component, ComponentVersion.Parse(version)!).SelectMany(static hole => hole.Sources));

    [Fact]
    public void A_package_may_mend_a_hole_without_a_new_version() =>
        Assert.Empty(KnownHoles.Of(Component.PgBouncer, ComponentVersion.Parse("1.24.1")!, ["CVE-2025-12819", "CVE-2026-6664"]));

    [Fact]
    public void Each_entry_has_a_source_and_ranges_that_hold_versions()
    {
        Assert.All(KnownHoles.All, static hole => Sound(hole.Harm, hole.Sources, hole.Affected));
        Assert.All(KnownClashes.All, static clash => Sound(clash.Problem, clash.Sources, [.. clash.Etcd, .. clash.Patroni ?? []]));
    }

    private static void Sound(string text, IReadOnlyList<string> sources, IReadOnlyList<VersionRange> ranges)
    {
        Assert.False(text.EndsWith('.') || text.Contains(';', StringComparison.Ordinal), text);
        Assert.NotEmpty(sources);
        Assert.All(sources, static source => Assert.Matches("^(CVE-[0-9]{4}-[0-9]{4,}|https://[^ ]+)$", source));
        Assert.NotEmpty(ranges);
        Assert.All(ranges, range =>
        {
            Assert.True(range.Contains(ComponentVersion.Parse(range.From)!), text);
            Assert.False(range.Below is { } below && range.Contains(ComponentVersion.Parse(below)!), text);
        });
    }
}
