using PostgresHa.Components.Declarations;
using PostgresHa.Components.Remote;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>
/// Warns in each host's journal, once a day, when its certificate ends soon: for a cluster whose stack nobody applies any more.
/// </summary>
public static class CertificateWatch
{
    /// <summary>The unit that looks.</summary>
    public const string Unit = "postgres-ha-certificates.service";

    /// <summary>The unit that has it look.</summary>
    public const string Timer = "postgres-ha-certificates.timer";

    private const string Folder = "/etc/systemd/system/";

    /// <summary>The service.</summary>
    public static ServiceDeclaration Declaration { get; } = new()
    {
        Name = "certificate-watch",
        StandsAlone = true,
        Files = static (cluster, host) =>
        [
            new HostFile
            {
                Name = "unit",
                Path = Folder + Unit,
                Content = Templates.Render("certificates/certificates.service", new Dictionary<string, object?>
                {
                    ["cluster"] = cluster.Name,
                    ["tool"] = HostPaths.Tool("certificate-watch"),
                    ["soon"] = CertificatePeriod.Soon,
                    ["urgent"] = CertificatePeriod.Urgent,
                    ["certificates"] = host.Etcd
                        ? [CertificateFiles.CertificatePath, EtcdFiles.CertificatePath]
                        : new[] { CertificateFiles.CertificatePath },
                }),
                OnChange = FileEffect.Restart,
            },
            new HostFile
            {
                Name = "timer",
                Path = Folder + Timer,
                Content = Templates.Render(
                    "certificates/certificates.timer", new Dictionary<string, object?> { ["cluster"] = cluster.Name }),
                OnChange = FileEffect.Restart,
            },
        ],
        Units = static (_, _) => [new ServiceUnit(Timer) { Health = ["/usr/bin/systemctl", "is-active", "--quiet", Timer] }],
    };
}
