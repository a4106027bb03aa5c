using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>What stands beside the cluster in a stack's configuration.</summary>
public sealed class StackKeysTests
{
    [Theory]
    [InlineData("postgres-ha:supeuserPassword", null, "is unknown", "did you mean superuserPassword?")]
    [InlineData("postgres-ha:superuser_password", "x", "is unknown", "did you mean superuserPassword?")]
    [InlineData("postgres-ha:sshprivatekey", null, "is unknown", "did you mean sshPrivateKey?")]
    [InlineData("postgres-ha:clutser", "{}", "is unknown", "did you mean cluster?")]
    [InlineData("postgres-ha:colour", "red", "is unknown", "allowed here: cluster, sshPrivateKey, ownAuthority, superuserPassword")]
    [InlineData("postgres-ha:hosts", "[]", "is unknown", "write it below postgres-ha:cluster")]
    [InlineData("postgresha:superuserPassword", null, "is unknown", "did you mean postgres-ha:superuserPassword?")]
    [InlineData("postgres-ha:superuserPassword", "s3cret", "is a secret in plain text", "pulumi config set --secret superuserPassword")]
    [InlineData("postgres-ha:etcdRootPassword", "12", "is a secret in plain text", "pulumi config set --secret etcdRootPassword")]
    [InlineData("postgres-ha:sshPrivateKey", "-----BEGIN", "is a secret in plain text", "pulumi config set --secret sshPrivateKey < FILE")]
    [InlineData("postgres-ha:ownAuthority", "-----BEGIN", "is a secret in plain text", "pulumi config set --secret ownAuthority < FILE")]
    [InlineData("postgres-ha:rewindPassword", "", "is empty", "pulumi config set --secret rewindPassword")]
    [InlineData("postgres-ha:rewindPassword", "[\"s3cret\"]", "is a list or mapping in plain text", "pulumi config set --secret "
        + "rewindPassword")]
    public void Is_refused(string key, string? plain, string problem, string remedy)
    {
        var error = Assert.Single(Check((key, plain)));

        Assert.Equal(key, error.Path);
        Assert.Equal(problem, error.Problem);
        Assert.Contains(remedy, error.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_secrets_the_cluster_and_other_projects_keys_pass() => Assert.Empty(Check(
    [
        ("postgres-ha:cluster", "{}"), ("postgres-ha:sshPrivateKey", null), .. SecretCatalogue.All
            .Select(static secret => ("postgres-ha:" + secret.Key, (string?)null)),
        ("pulumi:disable-default-providers", "[]"), ("aws:region", "eu-central-1"),
    ]));

    private static IReadOnlyList<SpecificationError> Check(params (string Key, string? Plain)[] values) =>
        StackKeys.Check("postgres-ha", values.Select(static value => KeyValuePair.Create(value.Key, value.Plain)));
}
