using PostgresHa.Specification;
using Pulumi;

namespace PostgresHa.Components.Remote;

/// <summary>The values of the cluster's secrets. Each travels by stdin only, into files of mode 0600.</summary>
public sealed class ClusterSecrets
{
    private readonly Dictionary<ClusterSecret, Output<string>> _values;

    /// <summary>Takes the value of each secret of the catalogue.</summary>
    /// <param name="value">Gives it.</param>
    public ClusterSecrets(Func<ClusterSecret, Output<string>> value) =>
        _values = SecretCatalogue.All.ToDictionary(static secret => secret, value);

    /// <summary>
    /// The authority that the user brings, private key and certificates as PEM; null where the stack has none. Default null.
    /// </summary>
    public Output<string>? OwnAuthority { get; init; }

    /// <summary>The value of a secret.</summary>
    /// <param name="secret">One of <see cref="SecretCatalogue"/>.</param>
    public Output<string> this[ClusterSecret secret] => _values[secret];

    /// <summary>A text made of several secrets; a secret itself.</summary>
    /// <param name="secrets">Those in it.</param>
    /// <param name="text">Makes the text out of their values.</param>
    public Output<string> Text(IReadOnlyList<ClusterSecret> secrets, Func<Func<ClusterSecret, string>, string> text) =>
        Output.CreateSecret(Output.All(secrets.Select(secret => (Input<string>)_values[secret]))
            .Apply(values => secrets.Zip(values).ToDictionary())
            .Apply(values => text(secret => values[secret])));
}
