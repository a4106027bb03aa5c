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
    public static ClusterSecrets Create(Config config, Resource parent) => new(secret =>
        config.GetSecret(secret.Key) ?? new RandomPassword(
            $"password-{secret.Name}",
            new RandomPasswordArgs { Length = secret.GeneratedLength, Special = false },
            new CustomResourceOptions { Parent = parent }).Result);
}
