using System.Globalization;
using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Makes the specification out of the values, before rules that look at several of them.</summary>
internal static class SpecificationDraft
{
    public static ClusterSpecification Read(Values values, string projectDirectory)
    {
        var keys = new HostKeySource(values, projectDirectory);
        string name = values.Read(Keys.Name);
        int reapply = values.Read(Keys.Reapply);
        TimingProfile profile = values.Read(Keys.Profile);
        values.Standards = Profiles.Of(profile);
        SshSpecification ssh = Ssh(values, keys, projectDirectory);
        IReadOnlyList<HostSpecification> hosts = Hosts(values, keys, ssh);
        VipSpecification vip = Vip(values);
        PortsSpecification ports = Ports(values);
        PostgresSpecification postgres = ServicesDraft.Postgres(values);
        EtcdSpecification etcd = ServicesDraft.Etcd(values);
        return new ClusterSpecification
        {
            Name = name,
            Reapply = reapply,
            Profile = profile,
            Ssh = ssh,
            Hosts = hosts,
            Vip = vip,
            Ports = ports,
            Postgres = postgres,
            Etcd = etcd,
            Patroni = ServicesDraft.Patroni(values, postgres),
            HAProxy = ServicesDraft.HAProxy(values),
            PgBouncer = ServicesDraft.PgBouncer(values),
            Firewall = Firewall(values, vip),
            Mirrors = ServicesDraft.Mirrors(values, postgres, etcd),
            Preflight = new PreflightSpecification
            {
                DataSpace = values.Read(Keys.PreflightDataSpace),
                BuildSpace = values.Read(Keys.PreflightBuildSpace),
                Clock = values.Read(Keys.PreflightClock),
            },
        };
    }

    private static SshSpecification Ssh(Values values, HostKeySource keys, string projectDirectory)
    {
        string user = values.Read(Keys.SshUser);
        return new SshSpecification
        {
            User = user,
            Port = values.Read(Keys.SshPort),
            PrivateKeyFile = values.ReadOptional(Keys.SshPrivateKeyFile) is { } file ? ProjectPath.Resolve(file, projectDirectory) : null,
            Agent = values.Read(Keys.SshAgent),
            KnownHostsFile = values.ReadOptional(Keys.SshKnownHostsFile) is { } known ? ProjectPath.Resolve(known, projectDirectory) : null,
            Bastion = values.Has("ssh.bastion") ? Bastion(values, keys, user) : null,
            NetworkNamespace = values.ReadOptional(Keys.SshNetworkNamespace),
        };
    }

    private static BastionSpecification Bastion(Values values, HostKeySource keys, string user)
    {
        if (!values.TryRead(Keys.BastionAddress, null, out string address))
        {
            address = "";
            if (values.Good(Keys.BastionAddress.Path))
            {
                values.Add(Keys.BastionAddress.Path, null, "is missing", "give the bastion's address or host name, or remove ssh.bastion");
            }
        }

        int port = values.Read(Keys.BastionPort);
        return new BastionSpecification
        {
            Address = address,
            Port = port,
            User = values.TryRead(Keys.BastionUser, null, out string own) ? own : user,
            HostKey = keys.Read(Keys.BastionHostKey, null, address, port),
        };
    }

    private static List<HostSpecification> Hosts(Values values, HostKeySource keys, SshSpecification ssh)
    {
        // Read once, so that a wrong default is reported once.
        SystemFamily? system = values.TryRead(Keys.DefaultSystem, null, out SystemFamily family) ? family : null;
        int cores = values.Read(Keys.DefaultCores);
        long memory = values.Read(Keys.DefaultMemory);
        string? link = values.ReadOptional(Keys.DefaultInterface);

        int count = values.Find("hosts") is { ValueKind: JsonValueKind.Array } list ? list.GetArrayLength() : 0;
        var hosts = new List<HostSpecification>(count);
        for (int i = 0; i < count; i++)
        {
            if (values.Find(string.Create(CultureInfo.InvariantCulture, $"hosts[{i}]")) is not { ValueKind: JsonValueKind.Object })
            {
                values.MarkFailed("hosts");
                continue;
            }

            string name = values.Read(Keys.HostName, i);
            string address = values.Read(Keys.HostAddress, i);
            hosts.Add(new HostSpecification
            {
                Name = name,
                Address = address,
                Interface = Inherited(values, Keys.HostInterface, Keys.DefaultInterface, i, link, "name the network interface"),
                HostKey = keys.Read(Keys.HostKey, i, address, ssh.Port),
                System = Inherited(values, Keys.HostSystem, Keys.DefaultSystem, i, system, "write debian or rhel"),
                Cores = values.TryRead(Keys.HostCores, i, out int ownCores) ? ownCores : cores,
                Memory = values.TryRead(Keys.HostMemory, i, out long ownMemory) ? ownMemory : memory,
                Etcd = values.Read(Keys.HostEtcd, i),
                Vrrp = values.Read(Keys.HostVrrp, i),
                Priority = values.Read(Keys.HostPriority, i),
            });
        }

        return hosts;
    }

    private static string Inherited(Values values, Key<string> key, Key<string> defaults, int index, string? inherited, string remedy)
    {
        bool stated = values.TryRead(key, index, out string own);
        if (!stated && inherited is null)
        {
            ReportMissing(values, key, defaults, index, remedy);
        }

        return stated ? own : inherited ?? "";
    }

    private static T Inherited<T>(Values values, Key<T> key, Key<T> defaults, int index, T? inherited, string remedy)
        where T : struct
    {
        bool stated = values.TryRead(key, index, out T own);
        if (!stated && inherited is null)
        {
            ReportMissing(values, key, defaults, index, remedy);
        }

        return stated ? own : inherited ?? default;
    }

    private static void ReportMissing(Values values, SpecificationKey key, SpecificationKey defaults, int index, string remedy)
    {
        if (values.Good(key.At(index), defaults.Path))
        {
            values.Add(key.At(index), null, "is missing", $"{remedy} here or once in {defaults.Path}");
        }
    }

    private static VipSpecification Vip(Values values) => new()
    {
        Address = values.Read(Keys.VipAddress),
        Prefix = values.Read(Keys.VipPrefix),
        RouterId = values.Read(Keys.VipRouterId),
        AdvertisementInterval = values.Read(Keys.VipAdvertisementInterval),
        CheckInterval = values.Read(Keys.VipCheckInterval),
        CheckFall = values.Read(Keys.VipCheckFall),
        CheckRise = values.Read(Keys.VipCheckRise),
    };

    private static PortsSpecification Ports(Values values) => new()
    {
        Postgres = values.Read(Keys.PortPostgres),
        PgBouncer = values.Read(Keys.PortPgBouncer),
        PatroniApi = values.Read(Keys.PortPatroniApi),
        EtcdClient = values.Read(Keys.PortEtcdClient),
        EtcdPeer = values.Read(Keys.PortEtcdPeer),
        Write = values.Read(Keys.PortWrite),
        Read = values.Read(Keys.PortRead),
        PooledWrite = values.Read(Keys.PortPooledWrite),
        PooledRead = values.Read(Keys.PortPooledRead),
        Statistics = values.Read(Keys.PortStatistics),
        HAProxyHealth = values.Read(Keys.PortHAProxyHealth),
        Artefacts = values.Read(Keys.PortArtefacts),
    };

    private static FirewallSpecification Firewall(Values values, VipSpecification vip) => new()
    {
        Mode = values.Read(Keys.FirewallMode),
        ClientNetworks = values.TryRead(Keys.FirewallClientNetworks, null, out IReadOnlyList<string> networks)
            ? networks
            : Ipv4.TryParse(vip.Address, out uint address) ? [Ipv4Network.Of(address, vip.Prefix).ToString()] : [],
        Zone = values.Read(Keys.FirewallZone),
    };
}
