using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>Every configuration value there is. The order is that of the documentation.</summary>
internal static partial class Keys
{
    public static readonly Key<string> Name = Key.Text("name",
        "Name of the cluster: Patroni's scope, etcd's cluster token and prefix of what is named after the cluster.",
        pattern: ClusterName(), form: "use lower-case letters, digits, - and _, beginning with a letter, at most 40");

    public static readonly Key<int> Reapply = Key.Number("reapply",
        "Raise it to have every file written and every service checked once more, for instance after drift was found.", 0, 0, int.MaxValue);

    public static readonly Key<TimingProfile> Profile = Key.Choice<TimingProfile>("profile",
        "Timings that fit together; single values go over it. `fast` notices a crash sooner and takes a short hiccup for a loss sooner, a lost host keeps its lease of 20 s, `wide-network` is for hosts in several places.", "normal");

    public static readonly Key<string> SshUser = Key.Text("ssh.user",
        "User to log in as: root, or one with password-less sudo.", "root",
        pattern: UnixName(), form: UserForm);

    public static readonly Key<int> SshPort = Key.Number("ssh.port", "TCP port of sshd.", 22, 1, 65535);

    public static readonly Key<string> SshPrivateKeyFile = Key.Text("ssh.privateKeyFile",
        "Private key's file, absolute, below `~`, or relative to the project's folder.",
        note: "the secret `postgres-ha:sshPrivateKey`, or `ssh.agent`");

    public static readonly Key<bool> SshAgent = Key.Flag("ssh.agent", "Whether an SSH agent (`SSH_AUTH_SOCK`) holds the key.", false);

    public static readonly Key<string> SshKnownHostsFile = Key.Text("ssh.knownHostsFile",
        "File in OpenSSH's known_hosts format; gives the host keys that hosts do not state themselves. Relative to the project's folder.", note: "none");

    public static readonly Key<string> SshNetworkNamespace = Key.Text("ssh.networkNamespace",
        "Linux network namespace from which alone the hosts may be dialled.", note: "none",
        pattern: NamespaceName(), form: "use the name of a network namespace: letters, digits, - and _");

    public static readonly Key<string> BastionAddress = Key.Text("ssh.bastion.address",
        "Address or name of the host all connections jump through.", note: "none; required with any other `ssh.bastion` value",
        pattern: DnsName(), form: "use an IPv4 address or a host name");

    public static readonly Key<int> BastionPort = Key.Number("ssh.bastion.port", "TCP port of the bastion's sshd.", 22, 1, 65535);

    public static readonly Key<string> BastionUser = Key.Text("ssh.bastion.user",
        "User to log in to the bastion as.", note: "`ssh.user`", pattern: UnixName(), form: UserForm);

    public static readonly Key<string> BastionHostKey = Key.Text("ssh.bastion.hostKey",
        "The bastion's public host key, `ssh-ed25519 AAAA…`, or of type `ecdsa-sha2-nistp256` (384, 521) or `ssh-rsa`.", note: "from `ssh.knownHostsFile`");

    public static readonly Key<SystemFamily> DefaultSystem = Key.Choice<SystemFamily>("hostDefaults.system",
        "Family of the hosts' distribution.", null, "required unless every host has its own");

    public static readonly Key<int> DefaultCores = Key.Number("hostDefaults.cores", "Cores of the hosts.", 2, 1, 1024);

    public static readonly Key<long> DefaultMemory = Key.Size("hostDefaults.memory", "Memory of the hosts.", "4GB", "512MB", "64TB");

    public static readonly Key<string> DefaultInterface = Key.Text("hostDefaults.interface",
        "Network interface of the hosts that carries their address; keepalived puts the VIP there.", note: "required unless every host has its own",
        pattern: InterfaceName(), form: InterfaceForm);

    public static readonly Key<string> HostName = Key.Text("hosts[].name",
        "Host name, also the name of its etcd and Patroni member.", pattern: HostLabel(), form: HostForm);

    public static readonly Key<string> HostAddress = Key.Text("hosts[].address",
        "IPv4 address the services listen on and the other hosts reach it by.");

    public static readonly Key<string> HostInterface = Key.Text("hosts[].interface",
        "Network interface that carries the address.", note: "`hostDefaults.interface`", pattern: InterfaceName(), form: InterfaceForm);

    public static readonly Key<string> HostKey = Key.Text("hosts[].hostKey",
        "Public SSH host key, `ssh-ed25519 AAAA…`, or of type `ecdsa-sha2-nistp256` (384, 521) or `ssh-rsa`.", note: "from `ssh.knownHostsFile`");

    public static readonly Key<SystemFamily> HostSystem = Key.Choice<SystemFamily>("hosts[].system",
        "Family of the distribution.", null, "`hostDefaults.system`");

    public static readonly Key<int> HostCores = Key.Number("hosts[].cores",
        "Cores; they size parallel builds and PostgreSQL's workers.", null, 1, 1024, "`hostDefaults.cores`");

    public static readonly Key<long> HostMemory = Key.Size("hosts[].memory",
        "Memory; it sizes shared_buffers.", null, "512MB", "64TB", "`hostDefaults.memory`");

    public static readonly Key<bool> HostEtcd = Key.Flag("hosts[].etcd", "Whether the host runs an etcd member; at most seven do.", true);

    public static readonly Key<bool> HostVrrp = Key.Flag("hosts[].vrrp", "Whether the host may hold the virtual IP.", true);

    public static readonly Key<int> HostPriority = Key.Number("hosts[].priority",
        "VRRP priority. With equal ones the VIP stays where it is when a host returns.", 100, 1, 254);

    public static readonly Key<string> VipAddress = Key.Text("vip.address",
        "The virtual IPv4 address clients connect to, inside the network of every host that may hold it.");

    public static readonly Key<int> VipPrefix = Key.Number("vip.prefix", "Prefix length of the VIP's network.", null, 8, 30);

    public static readonly Key<int> VipRouterId = Key.Number("vip.routerId",
        "VRRP virtual router id, unique in the network segment.", 51, 1, 255);

    public static readonly Key<TimeSpan> VipAdvertisementInterval = Key.Duration("vip.advertisementInterval",
        "Time between two VRRP advertisements.", "300ms", "100ms", "40s", "10ms");

    public static readonly Key<TimeSpan> VipCheckInterval = Key.Duration("vip.checkInterval",
        "Time between two checks that HAProxy serves; keepalived before 2.3 takes whole seconds only.", "1s", "1s", "1m", "1s");

    public static readonly Key<int> VipCheckFall = Key.Number("vip.checkFall", "Failed checks in a row after which the VIP is given up; each check asks twice.", 1, 1, 100);

    public static readonly Key<int> VipCheckRise = Key.Number("vip.checkRise",
        "Successful checks in a row after which the host may take the VIP again.", 2, 1, 100);

    public static readonly Key<int> PortPostgres = Port("postgres", "PostgreSQL on each host.", 5432);
    public static readonly Key<int> PortPgBouncer = Port("pgbouncer", "PgBouncer on each host.", 6432);
    public static readonly Key<int> PortPatroniApi = Port("patroniApi", "Patroni's REST API on each host.", 8008);
    public static readonly Key<int> PortEtcdClient = Port("etcdClient", "etcd for its clients.", 2379);
    public static readonly Key<int> PortEtcdPeer = Port("etcdPeer", "etcd for its peers.", 2380);
    public static readonly Key<int> PortWrite = Port("write", "HAProxy on the VIP: the leader.", 5000);
    public static readonly Key<int> PortRead = Port("read", "HAProxy on the VIP: the replicas.", 5001);
    public static readonly Key<int> PortPooledWrite = Port("pooledWrite", "HAProxy on the VIP: the leader through PgBouncer.", 5002);
    public static readonly Key<int> PortPooledRead = Port("pooledRead", "HAProxy on the VIP: the replicas through PgBouncer.", 5003);
    public static readonly Key<int> PortStatistics = Port("statistics", "HAProxy's statistics page on each host.", 7000);
    public static readonly Key<int> PortHAProxyHealth = Port("haproxyHealth", "HAProxy's answer to keepalived's check, on the loopback address of each host only.", 7001);
    public static readonly Key<int> PortArtefacts = Port("artefacts", "The build host hands built archives to its peers here, only while a build is distributed.", 8099);

    /// <summary>All ports, in the order of the documentation.</summary>
    public static readonly IReadOnlyList<Key<int>> Ports =
    [
        PortPostgres, PortPgBouncer, PortPatroniApi, PortEtcdClient, PortEtcdPeer, PortWrite, PortRead, PortPooledWrite, PortPooledRead,
        PortStatistics, PortHAProxyHealth, PortArtefacts,
    ];

    private const string InterfaceForm = "use the name of a network interface, at most 15 letters, digits and .-_, for instance eth0";
    private const string UserForm = "use a user name: letters, digits and ._@-, not beginning with . @ or -, not digits alone, at most 64";
    private const string HostForm = "use a host name of lower-case letters, digits and -, at most 63, not localhost";

    private static Key<int> Port(string name, string meaning, int @default) => Key.Number("ports." + name, meaning, @default, 1, 65535);

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex ClusterName();

    // As user databases have them (first.last, and user@domain of a directory), less what ssh or a shell would take for something else.
    [GeneratedRegex("^(?![0-9.-]+$)[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex UnixName();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceName();

    // Four numbers, or a name whose last part is no number: a resolver takes 1.5 for the address 1.0.0.5.
    [GeneratedRegex(@"^(((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(?!$)|$)){4}|(?=.{1,253}$)(?!([^.]*\.)*[0-9]+$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)$", RegexOptions.CultureInvariant)]
    private static partial Regex DnsName();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceName();

    [GeneratedRegex("^(?!localhost$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex HostLabel();
}
