using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Values that YAML takes for others than were written: read as written, or refused where they stand.</summary>
public sealed class SpellingTests
{
    [Theory]
    [InlineData("ports: { postgres: 05433 }", "ports.postgres: 05433 has a leading zero, which makes it octal to YAML (2843); write it "
        + "without.")]
    [InlineData("ports: { postgres: 05489 }", "ports.postgres: 05489 has a leading zero; write 5489.")]
    [InlineData("reapply: 010", "reapply: 010 has a leading zero, which makes it octal to YAML (8); write it without.")]
    [InlineData("reapply: 0_10", "reapply: 0_10 has a leading zero, which makes it octal to YAML (8); write it without.")]
    [InlineData("haproxy: { queueTimeout: 030 }", "haproxy.queueTimeout: 030 has a leading zero, which makes it octal to YAML (24); "
        + "write it without.")]
    [InlineData("haproxy: { queueTimeout: 00.5 }", "haproxy.queueTimeout: 00.5 has a leading zero")]
    [InlineData("postgres: { walKeepSize: 0134217728 }", "postgres.walKeepSize: 0134217728 has a leading zero")]
    [InlineData("patroni: { watchdogSafetyMargin: -01 }", "patroni.watchdogSafetyMargin: -01 has a leading zero")]
    [InlineData("postgres: { version: 17.10 }", "postgres.version: 17.10 is 17.1 to YAML; write it in quotes: \"17.10\".")]
    [InlineData("postgres: { version: 1.711e1 }", "postgres.version: 1.711e1 is 17.11 to YAML; write it in quotes")]
    [InlineData("hostDefaults: { system: debian, interface: 12e5 }", "hostDefaults.interface: 12e5 is 1200000 to YAML; write it in "
        + "quotes: \"12e5\".")]
    [InlineData("hostDefaults: { system: debian, interface: 0x10 }", "hostDefaults.interface: 0x10 is 16 to YAML; write it in quotes: "
        + "\"0x10\".")]
    [InlineData("name: True", "name: True is true to YAML; write it in quotes: \"True\".")]
    [InlineData("postgres: { parameters: { log_file_mode: 0640 } }", "postgres.parameters.log_file_mode: 0640 is 416 to YAML; write it "
        + "in quotes: \"0640\".")]
    [InlineData("postgres: { configureFlags: [--with-icu, 1_000] }", "postgres.configureFlags[1]: 1_000 is 1000 to YAML; write it in "
        + "quotes: \"1_000\".")]
    public void Is_refused(string section, string expected)
    {
        var error = Assert.Single(Read(section).Errors);

        Assert.StartsWith("postgres-ha:cluster." + expected, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("postgres: { parameters: { seq_page_cost: 1.0, random_page_cost: 1.10, cpu_tuple_cost: .01, work_mem: 4096 } }")]
    [InlineData("ports: { postgres: 5_433 }")]
    [InlineData("ports: { postgres: 0x1539 }")]
    [InlineData("haproxy: { queueTimeout: 0.50, statisticsAdmin: True }")]
    [InlineData("reapply: 0")]
    [InlineData("hostDefaults: { system: debian, interface: '12e5' }")]
    public void Is_taken_where_nothing_else_can_be_meant(string section) => Assert.Empty(Read(section).Errors);

    [Fact]
    public void Says_nothing_of_a_value_that_comes_from_elsewhere()
    {
        // As when Pulumi was given another file than the one in the project's folder.
        var spellings = new Dictionary<string, Spelling> { ["ports.postgres"] = new("05433", "2843") };

        Assert.Empty(SpecificationReader.Read(Yaml.With("ports.postgres", "5433"), "/nowhere", spellings: spellings).Errors);
    }

    [Fact]
    public void A_program_that_Pulumi_gave_numbers_only_learns_how_they_are_written()
    {
        using var project = new TemporaryProject()
            .Write("Pulumi.test.yaml", "config:\n  postgres-ha:cluster: { ports: { postgres: 05433 } }\n");

        var seen = Assert.Single(StackFile.SpellingsOf(project.Folder, "postgres-ha", "test"));
        Assert.Equal(("ports.postgres", "05433", "2843"), (seen.Key, seen.Value.Written, seen.Value.Read));
        var error = Assert.Single(SpecificationReader.Read(
            Yaml.With("ports.postgres", "2843"), "/nowhere",
            spellings: StackFile.SpellingsOf(project.Folder, "postgres-ha", "test")).Errors);
        Assert.Contains("leading zero", error.Problem, StringComparison.Ordinal);
        // Pulumi's stack files may lie elsewhere.
        Assert.Empty(StackFile.SpellingsOf(project.Folder, "postgres-ha", "other"));
    }

    private static SpecificationResult Read(string section)
    {
        var key = section.Split(':')[0];
        var cluster = Yaml.Apply(Yaml.Base(), [(key, null)]).ToJsonString();
        using var project = new TemporaryProject()
            .Write("Pulumi.yaml", "name: postgres-ha\n")
            .Write("Pulumi.test.yaml", $"config:\n  postgres-ha:cluster:\n    <<: {cluster}\n    {section}\n");
        var stack = StackFile.Load(project.Folder, "test");
        return SpecificationReader.Read(stack.Cluster, project.Folder, stack.HasPrivateKeySecret, stack.Spellings);
    }
}
