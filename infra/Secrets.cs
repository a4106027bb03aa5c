using Pulumi;
using Pulumi.Random;
using PostgresHa.Components;
using PostgresHa.Specification;

namespace PostgresHa.Infra;

/// <summary>Makes the cluster's passwords: generated once and kept in the state, or taken from the stack's configuration.</summary>
internal static class Secrets
{
    // 32 letters and digits: 190 bits, and nothing that any configuration format would want quoted.
    private const int Length = 32;

    /// <summary>What is wrong with the passwords that the stack's configuration sets.</summary>
    public static IEnumerable<SpecificationError> Check(Config config, string project) => Passwords.Names.Select(Passwords.Key)
        .Select(key => config.Get(key) is { } given ? Passwords.Check($"{project}:{key}", given) : null)
        .OfType<SpecificationError>();

    /// <summary>All passwords. One that the stack file sets as a secret, for instance <c>postgres-ha:superuserPassword</c>, wins.</summary>
    public static ClusterSecrets Create(Config config, Resource parent)
    {
        return new ClusterSecrets
        {
            Superuser = Password("superuser"),
            Replication = Password("replication"),
            Rewind = Password("rewind"),
            Application = Password("application"),
            PgBouncer = Password("pgbouncer"),
            PatroniApi = Password("patroniApi"),
            EtcdRoot = Password("etcdRoot"),
            EtcdPatroni = Password("etcdPatroni"),
            Statistics = Password("statistics"),
        };

        Output<string> Password(string name) =>
            config.GetSecret(Passwords.Key(name)) is { } given
                ? given
                : new RandomPassword(
                    $"password-{name}",
                    new RandomPasswordArgs { Length = Length, Special = false },
                    new CustomResourceOptions { Parent = parent }).Result;
    }
}
