using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace PostgresHa.Lab;

/// <summary>One host of the lab.</summary>
/// <param name="Name">Host name: lower-case letters, digits and hyphens.</param>
/// <param name="Address">IPv4 address, without prefix.</param>
/// <param name="Interface">Name of its network interface. Default <c>eth0</c>.</param>
public sealed record LabHost(string Name, string Address, string Interface = "eth0")
{
    /// <summary>Release of hosts that are asked for no other: Debian 13.</summary>
    public const string DefaultRelease = "trixie";

    /// <summary>Distribution release it is made of, by its code name. Default <see cref="DefaultRelease"/>.</summary>
    public string Release { get; init; } = DefaultRelease;

    /// <summary>
    /// Whether it is a virtual machine with a kernel of its own, and so with what a container has none of: a watchdog that can reset it.
    /// Default: no, a container.
    /// </summary>
    public bool IsVirtualMachine { get; init; }

    /// <summary>Virtual CPUs of a virtual machine; a container has the machine's. Default 2.</summary>
    public int Cores { get; init; } = 2;

    /// <summary>Memory of a virtual machine in bytes; a container has the machine's. Default 2 GB.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>Address of its network card: made from its own, so that neighbours' caches stay right when it reboots.</summary>
    public string Mac =>
        "02:00:" + string.Join(
            ':', IPAddress.Parse(Address).GetAddressBytes().Select(part => part.ToString("x2", CultureInfo.InvariantCulture)));
}

/// <summary>All the lab needs to know; its only input.</summary>
public sealed partial record LabDefinition
{
    /// <summary>The keyring that proves the hosts' distribution, whatever the machine's own is.</summary>
    public const string DistributionKeyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>Root of the project; the lab keeps what it generates in <c>.lab/</c> beneath it.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>The hosts to create. At least one; names and addresses unique; all in one network.</summary>
    public required IReadOnlyList<LabHost> Hosts { get; init; }

    /// <summary>Prefix length of the hosts' network, such as 19.</summary>
    public required int Prefix { get; init; }

    /// <summary>Addresses besides the hosts' that the lab must not take for itself, such as the virtual IP. Default: none.</summary>
    public IReadOnlyList<string> ReservedAddresses { get; init; } = [];

    /// <summary>
    /// What the lab's namespaces, control groups and machines are named after: <c>NAME-lab</c> for the network namespace,
    /// <c>NAME-HOST</c> for each host's. One lab of a name runs at a time. Default <c>pgha</c>; at most 16 characters.
    /// </summary>
    public string Name { get; init; } = "pgha";

    /// <summary>User created on every host, with password-less sudo and the lab's key authorised. Default <c>admin</c>.</summary>
    public string User { get; init; } = "admin";

    /// <summary>PostgreSQL's source, served as <c>sources/postgresql-VERSION.tar.bz2</c>; null when the stack does not build it.</summary>
    public LabSource? Postgres { get; init; }

    /// <summary>
    /// etcd's source, served as <c>sources/etcd-VERSION.tar.gz</c>, with the distribution's patches beside it; null when the stack does not
    /// build it.
    /// </summary>
    public LabSource? Etcd { get; init; }

    /// <summary>Patroni, served as a wheel; null when the stack does not install it by pip.</summary>
    public LabSource? Patroni { get; init; }

    /// <summary>
    /// Why versions of etcd and Patroni do not work together; null when they do. The lab takes no such pair, whatever is to be had.
    /// Default: all do.
    /// </summary>
    public Func<string, string, string?> Conflict { get; init; } = static (_, _) => null;

    /// <summary>
    /// Debian packages that the hosts will ask for: fetched beforehand, so that a mirror that moves on meanwhile stops nothing. Default:
    /// none.
    /// </summary>
    public IReadOnlyList<string> Packages { get; init; } = [];

    /// <summary>How etcd is compiled from its source with the distribution's libraries. Default: it is not.</summary>
    public LabBuild EtcdBuild { get; init; } = new([], string.Empty);

    /// <summary>
    /// Whether all hosts are made, as far as Debian can be, like minimal and hardened hosts of the RHEL family: what fails there fails
    /// here. Default: no.
    /// </summary>
    public bool IsStrict { get; init; }

    /// <summary>The hosts' releases, each once, in the order of the hosts.</summary>
    public IReadOnlyList<string> Releases => [.. Hosts.Select(static host => host.Release).Distinct(StringComparer.Ordinal)];

    /// <summary>
    /// Releases in whose indexes newer sources are looked for, the nearest first: the mirror serves them beside the hosts' own. By the
    /// names that move with them. Default <c>stable</c>, <c>testing</c>, <c>unstable</c>.
    /// </summary>
    public IReadOnlyList<string> NewerSuites { get; init; } = ["stable", "testing", "unstable"];

    /// <summary>
    /// Release that virtual machines have their kernel from. Default <c>bookworm</c>: its 6.1 boots under software emulation too, 6.12 does
    /// not.
    /// </summary>
    public string KernelSuite { get; init; } = "bookworm";

    /// <summary>
    /// Base URL of the archive the hosts are made from; null (the default) takes the first one in the machine's own apt configuration
    /// that has a host's release, and on a machine of another distribution the one debootstrap knows.
    /// </summary>
    public string? Mirror { get; init; }

    /// <summary>
    /// Base URL of the archive of security updates beside <see cref="Mirror"/>; null for none. Without a <see cref="Mirror"/> it comes from
    /// the machine's apt configuration, too.
    /// </summary>
    public string? SecurityMirror { get; init; }

    /// <summary>
    /// Keyring that proves the archives, on the machine and at the same place on the hosts. Default the distribution's own.
    /// </summary>
    public string Keyring { get; init; } = DistributionKeyring;

    /// <summary>Where base image, packages, sources, wheels and built artefacts are kept between runs.</summary>
    public string CacheDirectory { get; init; } = "/var/cache/pgha-lab";

    /// <summary>Address of the lab's own end of the bridge, where packages and sources are served: the first one of the network.</summary>
    public string Gateway => ToText(Network(Hosts[0].Address) + 1);

    /// <summary>Name of the network namespace that holds the bridge.</summary>
    public string NetworkNamespace => Name + "-lab";

    /// <summary>Everything that is wrong, one message each with the remedy; empty when the lab can be built from this.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (!NamePattern().IsMatch(Name) || Name.Length > 16)
        {
            errors.Add($"name: '{Name}' must be 1 to 16 lower-case letters, digits or hyphens, starting with a letter");
        }

        if (!NamePattern().IsMatch(User))
        {
            errors.Add($"user: '{User}' must consist of lower-case letters, digits and hyphens, starting with a letter");
        }

        if (!NamePattern().IsMatch(KernelSuite))
        {
            errors.Add($"kernel suite: '{KernelSuite}' is not a release's name, such as bookworm");
        }

        if (Prefix is < 8 or > 29)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"prefix: {Prefix} must be from 8 to 29"));
        }

        if (Hosts.Count == 0)
        {
            errors.Add("hosts: at least one host is needed");
            return errors;
        }

        errors.AddRange(Hosts.SelectMany(Check));
        errors.AddRange(Repeated("name", Hosts.Select(host => host.Name)));
        errors.AddRange(Repeated("address", Hosts.Select(host => host.Address)));
        if (errors.Count > 0)
        {
            return errors;
        }

        var network = Network(Hosts[0].Address);
        errors.AddRange(Hosts.Skip(1).Where(host => Network(host.Address) != network).Select(host => string.Create(
            CultureInfo.InvariantCulture, $"hosts: {host.Name} ({host.Address}/{Prefix}) is in another network than {Hosts[0].Name}")));
        errors.AddRange(Hosts.Select(host => host.Address).Concat(ReservedAddresses).Where(address => address == Gateway).Select(
            address => $"hosts: {address} is taken by the lab itself; use another address"));
        return errors;
    }

    /// <summary>Whether a release can be called so; whether there is one, the mirror knows.</summary>
    /// <param name="name">The name.</param>
    public static bool IsRelease(string name) => NamePattern().IsMatch(name);

    private static IEnumerable<string> Check(LabHost host)
    {
        if (!NamePattern().IsMatch(host.Name) || host.Name.Length > 32)
        {
            yield return $"hosts: name '{host.Name}' must be 1 to 32 lower-case letters, digits or hyphens, starting with a letter";
        }

        // "10.1" is an address to the parser, and another one than it looks.
        if (!IPAddress.TryParse(host.Address, out var address) || address.AddressFamily != AddressFamily.InterNetwork
            || address.ToString() != host.Address)
        {
            yield return $"hosts: address '{host.Address}' of {host.Name} is no IPv4 address, such as 10.0.12.9";
        }

        if (!IsRelease(host.Release))
        {
            yield return $"hosts: release '{host.Release}' of {host.Name} is not a release's name, such as {LabHost.DefaultRelease}";
        }

        if (!InterfacePattern().IsMatch(host.Interface) || host.Interface == "lo")
        {
            yield return $"hosts: interface '{host.Interface}' of {host.Name} must be a name of at most 15 characters, such as eth0";
        }
    }

    private static IEnumerable<string> Repeated(string what, IEnumerable<string> values) =>
        values.GroupBy(value => value).Where(group => group.Count() > 1)
            .Select(group => $"hosts: {what} {group.Key} is used more than once");

    private uint Network(string address) => ToNumber(address) & (uint.MaxValue << (32 - Prefix));

    private static uint ToNumber(string address) =>
        IPAddress.Parse(address).GetAddressBytes().Aggregate(0u, (number, part) => (number << 8) | part);

    private static string ToText(uint address) => new IPAddress(
        [(byte)(address >> 24), (byte)(address >> 16), (byte)(address >> 8), (byte)address]).ToString();

    [GeneratedRegex("^[a-z][a-z0-9-]*$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_.-]{0,14}$")]
    private static partial Regex InterfacePattern();
}
