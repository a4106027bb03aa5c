using System.Globalization;
using PostgresHa.Specification;

namespace PostgresHa.Components.Declarations;

/// <summary>Who may connect to an endpoint.</summary>
public enum Audience
{
    /// <summary>The networks of <see cref="FirewallSpecification.ClientNetworks"/>, and the cluster's hosts.</summary>
    Clients,

    /// <summary>The cluster's hosts only.</summary>
    Peers,

    /// <summary>The host itself only; never opened.</summary>
    Local,
}

/// <summary>
/// Where a service answers: the one place that knows an address, a port, and how they are written for whoever asks there.
/// </summary>
/// <param name="Address">IPv4 address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Audience">Who may connect.</param>
public sealed record Endpoint(string Address, int Port, Audience Audience)
{
    /// <summary>The loopback address, by which a host reaches its own services.</summary>
    public const string Loopback = "127.0.0.1";

    /// <summary>What is spoken there; null where it is not a matter of URLs. Default null.</summary>
    public string? Scheme { get; init; }

    /// <summary>The path of <see cref="Url"/>, with its leading slash. Default none.</summary>
    public string Path { get; init; } = "";

    /// <summary><c>ADDRESS:PORT</c>.</summary>
    public string Authority => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    /// <summary>The whole address, for instance <c>http://10.0.12.9:8008</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no <see cref="Scheme"/>.</exception>
    public string Url => Scheme is { } scheme
        ? $"{scheme}://{Authority}{Path}"
        : throw new InvalidOperationException($"{Authority} is not a matter of URLs.");

    /// <summary>An endpoint that speaks HTTP.</summary>
    /// <param name="address">IPv4 address.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="audience">Who may connect.</param>
    /// <param name="path">The path, with its leading slash; none by default.</param>
    /// <param name="tls">Whether by TLS. Default false.</param>
    public static Endpoint Http(string address, int port, Audience audience, string path = "", bool tls = false) =>
        new(address, port, audience) { Scheme = tls ? "https" : "http", Path = path };
}
