using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>What becomes of a client of PostgreSQL or PgBouncer that comes without TLS.</summary>
public enum TlsClients
{
    /// <summary>It is refused.</summary>
    Required,

    /// <summary>It is let in like one with TLS.</summary>
    Optional,

    /// <summary>There is no TLS, so that all come without, the replicas too.</summary>
    Off,
}

/// <summary>TLS of PostgreSQL and PgBouncer.</summary>
public sealed record TlsSpecification
{
    /// <remarks>Null: as the hosts have it.</remarks>
    [Choice(
        "Whether clients of PostgreSQL and PgBouncer come with TLS: `required` refuses those without, `optional` takes them too, while "
        + "they are changed, `off` has no TLS at all, between the hosts neither. From `off` to `required` and back only by way of "
        + "`optional`.",
        Note = "`required`; on a cluster that takes clients without TLS already: `optional`, until it is stated")]
    public TlsClients? Clients { get; init; }

    [Texts(
        "DNS names by which clients reach the virtual IP or the hosts, for the certificates; the hosts' own names and all addresses are "
        + "in them anyway.",
        Note = "none")]
    public required IReadOnlyList<string> Names { get; init; }

    [Texts(
        "The authorities: a number is one that is made for the stack, `own` the one that you bring (the secret `ownAuthority`). The first "
        + "signs the hosts' certificates; hosts, and clients that have the output `authority`, trust all of them. Another one takes over "
        + "in three steps, each applied: `[1, 2]`, `[2, 1]`, `[2]`.",
        "1")]
    public required IReadOnlyList<string> Authorities { get; init; }

    /// <summary>The name of an authority that is made for a stack, which stands in its certificate.</summary>
    /// <param name="cluster">The cluster's name.</param>
    /// <param name="number">Its number.</param>
    public static string AuthorityName(string cluster, int number) => string.Create(
        CultureInfo.InvariantCulture, $"{cluster} certificate authority{(number == 1 ? "" : $" {number}")}");

    /// <summary>What stands in <see cref="Authorities"/> for the one that the user brings.</summary>
    public const string Own = "own";

    /// <summary>The numbers of <see cref="Authorities"/>, that of who signs first; 0 for <see cref="Own"/>.</summary>
    public IReadOnlyList<int> AuthorityNumbers =>
        [.. Authorities.Select(static one => one == Own ? 0 : int.Parse(one, CultureInfo.InvariantCulture))];

    /// <summary>Whether PostgreSQL and PgBouncer have TLS, for whoever wants it or for all.</summary>
    public bool IsOn => Clients != TlsClients.Off;

    /// <summary>What a cluster does that nobody has made yet, and that is not told.</summary>
    public TlsClients ClientsOfNew => Clients ?? TlsClients.Required;
}
