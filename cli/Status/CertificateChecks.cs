using System.Globalization;
using PostgresHa.Components;

namespace PostgresHa.Cli.Status;

/// <summary>Certificates that end soon, since nobody has applied the stack for long, and clients that need none.</summary>
internal static class CertificateChecks
{
    public static IEnumerable<Problem> Find(StatusScene scene)
    {
        var open = scene.Reports.Where(static one => one.Report.TakesClientsWithoutTls).Select(static one => one.Host.Name).ToList();
        if (open.Count > 0 && scene.Cluster.Tls.IsOn)
        {
            yield return StatusScene.Warning(
                null,
                $"PostgreSQL on {string.Join(", ", open)} takes clients without TLS, who are read by anybody on the way",
                $"see who still comes so (README, TLS), then set tls.clients: required in Pulumi.{scene.Stack}.yaml and apply it");
        }

        foreach (var (host, report) in scene.Reports)
        {
            foreach (var (path, end) in report.Certificates)
            {
                if (end is not { } ends)
                {
                    yield return StatusScene.Error(
                        host.Name, $"the certificate {path} on {host.Name} cannot be read", $"{Apply(scene)} with reapply raised");
                }
                else if (DaysLeft(ends, report.Time) is var days && days < CertificatePeriod.Soon)
                {
                    yield return new Problem(
                        days < CertificatePeriod.Urgent ? ProblemSeverity.Error : ProblemSeverity.Warning,
                        host.Name,
                        days < 0
                            ? $"the certificate {path} on {host.Name} has ended: nobody who verifies it connects any more"
                            : string.Create(CultureInfo.InvariantCulture, $"the certificate {path} on {host.Name} ends in {days} days"),
                        $"{Apply(scene)}, which renews it");
                }
            }
        }
    }

    /// <summary>The whole days that a certificate has left; negative when it has ended.</summary>
    /// <param name="end">When it ends.</param>
    /// <param name="now">Now, by its host's clock.</param>
    public static int DaysLeft(DateTimeOffset end, DateTimeOffset now) => (int)Math.Floor((end - now).TotalDays);

    private static string Apply(StatusScene scene) => $"apply the stack: ./pgha up --stack {scene.Stack}";
}
