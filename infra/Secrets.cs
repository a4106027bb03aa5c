using System.Globalization;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using Pulumi;
using Pulumi.Random;

namespace PostgresHa.Infra;

/// <summary>Makes the cluster's secrets: generated once and kept in the state, or taken from the stack's configuration.</summary>
internal static class Secrets
{
    /// <summary>What is wrong with the passwords that the stack's configuration sets.</summary>
    public static IEnumerable<SpecificationError> Check(Config config, string project) => SecretCatalogue.All
        .Select(secret => config.Get(secret.Key) is { } given
            ? Passwords.Check($"{project}:{secret.Key}", given, secret.LeastLength)
            : null)
        .OfType<SpecificationError>();

    /// <summary>
    /// All passwords. One that the stack file sets as a secret, for instance <c>postgres-ha:superuserPassword</c>, wins.
    /// </summary>
    public static ClusterSecrets Create(Config config, ClusterSpecification cluster, Resource parent) => new(secret =>
    {
        if (secret.IsSeed && Number(secret, cluster.Tls) == 0)
        {
            // Of no authority.
            return Output.CreateSecret("");
        }

        if (config.GetSecret(secret.Key) is { } own)
        {
            return own;
        }

        var args = new RandomPasswordArgs { Length = secret.GeneratedLength, Special = false };
        // Other keepers make another password; none at first, as in a stack from before there were any.
        if (Rotation(secret, cluster) is > 0 and var number)
        {
            args.Keepers = new InputMap<string> { { "rotate", number.ToString(CultureInfo.InvariantCulture) } };
        }

        return new RandomPassword($"password-{secret.Name}", args, new CustomResourceOptions { Parent = parent }).Result;
    });

    private static int Rotation(ClusterSecret secret, ClusterSpecification cluster) =>
        secret.IsSeed ? Number(secret, cluster.Tls) - 1
        : secret == SecretCatalogue.Application ? cluster.Passwords.RotateApplication
        : cluster.Passwords.Rotate;

    // That of the authority which a seed is of; 0 where it is of none.
    private static int Number(ClusterSecret secret, TlsSpecification tls) =>
        tls.AuthorityNumbers.FirstOrDefault(number => SecretCatalogue.SeedOf(number) == secret);
}
