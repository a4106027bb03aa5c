using System.Security.Cryptography;
using System.Text;

namespace PostgresHa.Components;

/// <summary>
/// The stretch of time that a host's certificate is made for. Taken from a grid, not from the moment: whoever signs the same request again
/// gets the same certificate, so that a preview shows a change only when a renewal is due, and a second <c>up</c> has nothing to do.
/// </summary>
/// <param name="NotBefore">When it begins to be valid.</param>
/// <param name="NotAfter">When it ends.</param>
public readonly record struct CertificatePeriod(DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>Days from the beginning of a period to the end of its certificates.</summary>
    public const int Lifetime = 90;

    /// <summary>Days after which the next period begins: a certificate is renewed when it has 30 left, or up to a period more.</summary>
    public const int Step = 60;

    /// <summary>Fewer days left are a warning: any <c>up</c> would have renewed the certificate by then.</summary>
    public const int Soon = Lifetime - Step;

    /// <summary>Fewer days left are an error.</summary>
    public const int Urgent = 14;

    // A host whose clock is behind takes a certificate that was made just now.
    private const int Margin = 1;

    /// <summary>The period in which a moment lies.</summary>
    /// <param name="cluster">The cluster's name: several clusters do not renew on the same day.</param>
    /// <param name="now">The moment.</param>
    public static CertificatePeriod At(string cluster, DateTimeOffset now)
    {
        var offset = SHA256.HashData(Encoding.UTF8.GetBytes(cluster))[0] % Step;
        var day = (now.UtcDateTime - DateTime.UnixEpoch).Days + offset;
        var begin = DateTimeOffset.UnixEpoch.AddDays(day - (day % Step) - offset);
        return new(begin.AddDays(-Margin), begin.AddDays(Lifetime));
    }
}
