using System.Globalization;
using PostgresHa.Components;
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
    /// What is wrong with the authority that the stack's configuration brings, or that it does not; null where nothing is.
    /// </summary>
    public static SpecificationError? CheckAuthority(Config config, string project, TlsSpecification tls)
    {
        var path = $"{project}:{SecretCatalogue.OwnAuthority}";
        if (config.Get(SecretCatalogue.OwnAuthority) is not { } given)
        {
            return !tls.Authorities.Contains(TlsSpecification.Own, StringComparer.Ordinal) ? null
                : new SpecificationError(
                    path,
                    null,
                    $"is not set, and tls.authorities names {TlsSpecification.Own}",
                    $"set it with pulumi config set --secret {SecretCatalogue.OwnAuthority} < FILE: the authority's private key and "
                        + "certificate as PEM, and the certificates above it");
        }

        try
        {
            _ = OwnAuthority.Read(given, DateTimeOffset.UtcNow);
            return null;
        }
        catch (FormatException error)
        {
            var parts = error.Message.Split("; ", 2);
            return new SpecificationError(path, null, parts[0], parts[1]);
        }
    }

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
    })
    {
        OwnAuthority = config.GetSecret(SecretCatalogue.OwnAuthority),
    };

    private static int Rotation(ClusterSecret secret, ClusterSpecification cluster) =>
        secret.IsSeed ? Number(secret, cluster.Tls) - 1
        : secret == SecretCatalogue.Application ? cluster.Passwords.RotateApplication
        : cluster.Passwords.Rotate;

    // That of the authority which a seed is of; 0 where it is of none.
    private static int Number(ClusterSecret secret, TlsSpecification tls) =>
        tls.AuthorityNumbers.FirstOrDefault(number => SecretCatalogue.SeedOf(number) == secret);
}
