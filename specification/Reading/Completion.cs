using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Fills in what is not written and follows from other values, from files, or from what is known of versions.</summary>
/// <param name="bound">The cluster as it is written.</param>
/// <param name="findings">Where errors go.</param>
/// <param name="projectDirectory">Folder of Pulumi.yaml.</param>
/// <param name="maker">Says of a file that is not there what makes it.</param>
internal sealed class Completion(ClusterSpecification bound, Findings findings, string projectDirectory, Func<string, string?>? maker)
{
    private readonly HostKeySource _keys = new(bound.Ssh.KnownHostsFile, findings, projectDirectory, maker);

    public ClusterSpecification Complete() => bound with
    {
        Ssh = Ssh(bound.Ssh),
        Hosts = [.. bound.Hosts.Select(Host)],
        Postgres = bound.Postgres with
        {
            Sha256 = Checksum(bound.Postgres.Sha256) ?? KnownChecksums.OfPostgres(bound.Postgres.Version) ?? "",
        },
        Etcd = Etcd(bound.Etcd),
        Patroni = bound.Patroni with { Slots = [.. bound.Patroni.Slots.Select(Slot)] },
        PgBouncer = bound.PgBouncer with { PreparedStatementsAsked = bound.Written.Contains("pgbouncer.maxPreparedStatements") },
        Firewall = bound.Firewall with
        {
            ClientNetworks = IsStated("firewall.clientNetworks") ? bound.Firewall.ClientNetworks : ClientNetworks(bound.Vip),
        },
        Mirrors = Mirrors(bound.Mirrors),
    };

    private SshSpecification Ssh(SshSpecification ssh) => ssh with
    {
        PrivateKeyFile = Resolve(ssh.PrivateKeyFile),
        KnownHostsFile = Resolve(ssh.KnownHostsFile),
        Bastion = ssh.Bastion is { } bastion ? Bastion(bastion) : null,
    };

    private string? Resolve(string? file) => file is null ? null : ProjectPath.Resolve(file, projectDirectory);

    private BastionSpecification Bastion(BastionSpecification bastion)
    {
        const string Address = "ssh.bastion.address";
        if (bastion.Address.Length == 0 && findings.Good(Address))
        {
            findings.Add(Address, null, "is missing", "give the bastion's address or host name, or remove ssh.bastion");
        }

        return bastion with
        {
            User = bastion.User.Length > 0 ? bastion.User : bound.Ssh.User,
            HostKey = _keys.Find("ssh.bastion.hostKey", bastion.HostKey, bastion.Address, bastion.Port),
        };
    }

    private HostSpecification Host(HostSpecification host, int index)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"hosts[{index}]");
        var defaults = bound.HostDefaults;
        if (host.Interface.Length == 0 && defaults.Interface is null)
        {
            ReportMissing(path, "interface", "name the network interface");
        }

        var hasSystem = IsStated($"{path}.system");
        if (!hasSystem && defaults.System is null)
        {
            ReportMissing(path, "system", "write debian or rhel");
        }

        return host with
        {
            Interface = host.Interface.Length > 0 ? host.Interface : defaults.Interface ?? "",
            HostKey = _keys.Find($"{path}.hostKey", host.HostKey, host.Address, bound.Ssh.Port),
            System = hasSystem ? host.System : defaults.System ?? default,
            Cores = host.Cores > 0 ? host.Cores : defaults.Cores,
            Memory = host.Memory > 0 ? host.Memory : defaults.Memory,
        };
    }

    private void ReportMissing(string host, string name, string remedy)
    {
        var defaults = $"hostDefaults.{name}";
        if (findings.Good($"{host}.{name}", defaults))
        {
            findings.Add($"{host}.{name}", null, "is missing", $"{remedy} here or once in {defaults}");
        }
    }

    private static EtcdSpecification Etcd(EtcdSpecification etcd) => etcd with
    {
        Sha256 = Checksum(etcd.Sha256) ?? etcd.Method switch
        {
            EtcdMethod.Source => KnownChecksums.OfEtcdSource(etcd.Version),
            EtcdMethod.Archive => KnownChecksums.OfEtcdRelease(etcd.Version),
            _ => null,
        },
        PatchesSha256 = Checksum(etcd.PatchesSha256),
    };

    private static string? Checksum(string? stated) => string.IsNullOrEmpty(stated) ? null : stated.ToLowerInvariant();

    private PermanentSlot Slot(PermanentSlot slot, int index)
    {
        var isDetailed = slot.Database is not null || slot.Plugin is not null;
        var type = IsStated(string.Create(CultureInfo.InvariantCulture, $"patroni.slots[{index}].type")) ? slot.Type
            : isDetailed ? SlotType.Logical
            : SlotType.Physical;
        return type == SlotType.Logical || isDetailed
            ? slot with { Type = type, Database = slot.Database ?? bound.Postgres.Database, Plugin = slot.Plugin ?? "pgoutput" }
            : slot with { Type = type };
    }

    private static IReadOnlyList<string> ClientNetworks(VipSpecification vip) =>
        Ipv4.TryParse(vip.Address, out var address) ? [Ipv4Network.Of(address, vip.Prefix).ToString()] : [];

    private MirrorsSpecification Mirrors(MirrorsSpecification mirrors)
    {
        var (postgres, etcd) = (bound.Postgres.Version, bound.Etcd.Version);
        return mirrors with
        {
            Postgres = mirrors.Postgres.Length > 0 ? mirrors.Postgres : $"https://ftp.postgresql.org/pub/source/v{postgres}",
            Etcd = mirrors.Etcd.Length > 0 ? mirrors.Etcd.Replace(MirrorsSpecification.VersionPlace, etcd, StringComparison.Ordinal)
                : bound.Etcd.Method == EtcdMethod.Archive
                    ? $"https://github.com/etcd-io/etcd/releases/download/v{etcd}/etcd-v{etcd}-linux-amd64.tar.gz"
                    : $"https://github.com/etcd-io/etcd/archive/refs/tags/v{etcd}.tar.gz",
        };
    }

    private bool IsStated(string path) => bound.Written.Contains(path) && findings.Good(path);
}
