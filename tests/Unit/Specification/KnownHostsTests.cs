using System.Text.Json;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>Host keys from a known_hosts file.</summary>
public sealed class KnownHostsTests
{
    private const string Other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP//////////////////////////////////////////";

    [Fact]
    public void Keys_come_from_the_file_unless_a_host_has_its_own()
    {
        using var project = new TemporaryProject().Write("known_hosts", $"""
            # a comment
            10.0.12.9 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ
            10.0.12.9,db1 {TemporaryProject.HostKey} root@db1
            @revoked 10.0.12.5 {TemporaryProject.HostKey}
            |1|abc=|def= {TemporaryProject.HostKey}
            10.0.16.11 {TemporaryProject.HostKey}
            """);
        var cluster = Yaml.With(
            ("ssh.knownHostsFile", "known_hosts"), ("hosts[0].hostKey", null), ("hosts[1].hostKey", TemporaryProject.HostKey + " comment"),
            ("hosts[2].hostKey", null));

        var result = SpecificationReader.Read(cluster, project.Folder);

        Assert.Empty(result.Errors);
        Assert.All(result.Specification!.Hosts, host => Assert.Equal(TemporaryProject.HostKey, host.HostKey));
        Assert.Equal(Path.Join(project.Folder, "known_hosts"), result.Specification.Ssh.KnownHostsFile);
    }

    [Fact]
    public void Another_port_has_a_key_of_its_own()
    {
        using var project = new TemporaryProject()
            .Write("known_hosts", $"10.0.12.9 {Other}\n[10.0.12.9]:2222 {TemporaryProject.HostKey}\n");
        var cluster = Yaml.With(("ssh.knownHostsFile", "known_hosts"), ("ssh.port", 2222), ("hosts[0].hostKey", null));

        var result = SpecificationReader.Read(cluster, project.Folder);

        Assert.Empty(result.Errors);
        Assert.Equal(TemporaryProject.HostKey, result.Specification!.Hosts[0].HostKey);
    }

    [Fact]
    public void A_host_that_is_not_in_the_file_is_named()
    {
        using var project = new TemporaryProject().Write("known_hosts", $"10.0.12.9 ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ\n");
        var cluster = Yaml.With(("ssh.knownHostsFile", "known_hosts"), ("hosts[0].hostKey", null));

        var error = Assert.Single(SpecificationReader.Read(cluster, project.Folder).Errors);

        Assert.Equal("postgres-ha:cluster.hosts[0].hostKey", error.Path);
        Assert.Contains("known_hosts has no ssh-ed25519 key of 10.0.12.9", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bastion_s_key_comes_from_the_file_too()
    {
        using var project = new TemporaryProject().Write("known_hosts", $"jump.example.org {Other}\n");
        var cluster = Yaml.With(
            ("ssh.knownHostsFile", "known_hosts"), ("ssh.user", "deploy"), ("ssh.bastion", Yaml.Parse("{ address: jump.example.org }")));

        var result = SpecificationReader.Read(cluster, project.Folder);

        Assert.Empty(result.Errors);
        Assert.Equal(
            ("jump.example.org", 22, "deploy", Other),
            result.Specification!.Ssh.Bastion is { } bastion ? (bastion.Address, bastion.Port, bastion.User, bastion.HostKey) : default);
    }

    [Theory]
    // As ssh-keygen -H writes them: of 10.0.12.9, and of [10.0.12.9]:2222.
    [InlineData(22, "|1|1sRKUgvZXv4TiEx8PPy7ZAZuapc=|dZWAGTwPa1zRZUxOYgXxnbLTPas=")]
    [InlineData(2222, "|1|XB8Bu2+XLGue83yB1qkjP4r6Wbo=|jACdlf593WQKTENO70g7/BgMUmU=")]
    [InlineData(22, "10.0.*")]
    [InlineData(22, "other,10.0.12.?")]
    [InlineData(2222, "[10.0.12.9]:2222")]
    [InlineData(2222, "[10.0.12.*]:2222")]
    public void A_name_may_be_hashed_or_have_wildcards(int port, string name)
    {
        Assert.Equal(
            TemporaryProject.HostKey,
            Assert.IsType<ClusterSpecification>(Read($"{name} {TemporaryProject.HostKey}\r\n", port).Specification).Hosts[0].HostKey);
        Assert.Equal(
            "postgres-ha:cluster.hosts[0].hostKey", Assert.Single(Read($"{name} {TemporaryProject.HostKey}\n", port + 1).Errors).Path);
    }

    [Theory]
    [InlineData("10.0.*,!10.0.12.9")]
    [InlineData("|1|1sRKUgvZXv4TiEx8PPy7ZAZuapc=|AAAAGTwPa1zRZUxOYgXxnbLTPas=")]
    [InlineData("|1|1sRKUgvZXv4TiEx8PPy7ZAZuapc=")]
    [InlineData("|2|a|b")]
    [InlineData("10.0.12.90")]
    public void A_name_of_another_host_is_none_of_this_one_s(string name) =>
        Assert.Contains(
            "has no ssh-ed25519 key of 10.0.12.9",
            Assert.Single(Read($"{name} {TemporaryProject.HostKey}\n").Errors).Problem,
            StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public void A_host_without_an_ed25519_key_has_another(string key)
    {
        Assert.Equal(key, Read($"10.0.12.9 {key} comment\n").Specification!.Hosts[0].HostKey);
        Assert.Equal(key, Yaml.Valid(Yaml.With(("hosts[0].hostKey", key + " comment"))).Hosts[0].HostKey);
        Assert.Equal(
            key,
            Yaml.Valid(Yaml.With(("ssh.bastion", Yaml.Parse($"{{ address: jump.example.org, hostKey: {key} }}")))).Ssh.Bastion!.HostKey);

        // Of several the first of HostKeys.Types, wherever it stands.
        Assert.Equal(
            TemporaryProject.HostKey, Read($"10.0.12.9 {key}\n10.0.12.9 {TemporaryProject.HostKey}\n").Specification!.Hosts[0].HostKey);
    }

    [Theory]
    [MemberData(nameof(OtherTypes))]
    public void A_damaged_key_of_any_type_is_refused(string key)
    {
        var parts = key.Split(' ');
        var other = parts[0] == "ssh-rsa" ? "ecdsa-sha2-nistp256" : "ssh-rsa";
        Assert.All(
            [$"{parts[0]} {parts[1][..^8]}", $"{other} {parts[1]}", $"{parts[0]} {parts[1]}AAAA", $"{parts[0]} AAAA{parts[1]}"],
            damaged => Assert.Equal(
                "postgres-ha:cluster.hosts[0].hostKey", Assert.Single(Yaml.Read(Yaml.With(("hosts[0].hostKey", damaged))).Errors).Path));
    }

    [Theory]
    [InlineData("@revoked * ", true)]
    [InlineData("@revoked 10.0.12.9 ", true)]
    [InlineData("@revoked |1|1sRKUgvZXv4TiEx8PPy7ZAZuapc=|dZWAGTwPa1zRZUxOYgXxnbLTPas= ", true)]
    [InlineData("@revoked 10.0.12.4 ", false)]
    [InlineData("# @revoked * ", false)]
    public void A_revoked_key_is_refused_wherever_it_is_stated(string revocation, bool refused)
    {
        // After the line that it revokes, and before it.
        foreach (var file in new[] { $"10.0.12.9 {Other}\n{revocation}{Other}\n", $"{revocation}{Other}\n10.0.12.9 {Other}\n" })
        {
            Check(Read(file), null);
        }

        Check(Read($"{revocation}{Other}\n", stated: Other + " comment"), Other);

        void Check(SpecificationResult result, string? value)
        {
            if (!refused)
            {
                Assert.Empty(result.Errors);
                return;
            }

            var error = Assert.Single(result.Errors);
            Assert.Equal("postgres-ha:cluster.hosts[0].hostKey", error.Path);
            Assert.Contains("known_hosts revokes", error.Problem, StringComparison.Ordinal);
            Assert.Equal(value is null, error.Value is null);
        }
    }

    [Fact]
    public void A_host_with_a_new_key_beside_the_revoked_one_has_the_new_one() =>
        Assert.Equal(
            TemporaryProject.HostKey,
            Read($"@revoked * {Other}\n10.0.12.9 {Other}\n10.0.12.9 {TemporaryProject.HostKey}\n").Specification!.Hosts[0].HostKey);

    public static TheoryData<string> OtherTypes =>
    [
        "ecdsa-sha2-nistp256 "
        + "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBDI5k15rXJMU4WDPfc7cIsGJGBB7h/IWkKJbwsGylv4uYKmTXOWmVO/hClijVksAcrS28yipyJ1MAzNnouj3pjU=",
        "ecdsa-sha2-nistp384 "
        + "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBK/KS/qmPHj5jY9IUFCjRpIf2bSUSzN/5bLUTkDzYAIaDSxAGIC6s8n66FNc4CW1Q2OFJJu+oiswY91lHKfM0AQdlVKRr9rdqaYK6XDMjcPHJTGbiPD6YMxUlxQMZ/gBoA==",
        "ecdsa-sha2-nistp521 "
        + "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBABLEVjPXDqJWVdk8Xh4jrfBKCZ5sb8f7Yi9Ubc7jY1/gn6TA63iiKHNJ0YAFhLKvma7kyBh6oLolAoeh4v1+8mSQQGivkYxFBZ06JP6gKWpz+S9INN4l03yl4yjaNXojlubQHlZw1eV5N23cs/KpIXhIqQuOlvrcuMX5tmm9rDs2WBvng==",
        "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCy7K/6VFjxZKcagZAxOeo2oob8fxR920EvYMV2xV7YD0eFQ/lZywUUDzL9qmmYxNkLu5MaCIbZBIIM+iKvPBzINfJRQXzTcX/hwj8wc765UdLgld62HKBNEwf5GjV/pdccZ5UZr7ZEGM2oF80rnOvlERfF3NMGKkmf0a7WloC18QU5h+rAGcSFNf6GH3kvGmkt+V0b5JZmxvomeYVEIoZAz6+SJfx5PlNJf1k82lrrJ98uIV8Neixym5evC765bCG+crPsiWBjcVCU/KErV/zoyCuj3TEB0AZdTd6VjVGXvWf+awNvpjV6glNaU8w5FidzRugX9Bado4fuyKoQOheR",
    ];

    private static SpecificationResult Read(string knownHosts, int port = 22, string? stated = null)
    {
        using var project = new TemporaryProject().Write("known_hosts", knownHosts);
        return SpecificationReader.Read(
            Yaml.With(("ssh.knownHostsFile", "known_hosts"), ("ssh.port", port), ("hosts[0].hostKey", stated)), project.Folder);
    }
}
