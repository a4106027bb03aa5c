using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>The rule of each <see cref="TextForm"/>, and what to write where a text does not keep it.</summary>
internal static partial class Forms
{
    public static (Regex? Pattern, string Remedy) Of(TextForm form) => form switch
    {
        TextForm.ClusterName => (ClusterName(), "use lower-case letters, digits, - and _, beginning with a letter, at most 40"),
        TextForm.UserName =>
            (UserName(), "use a user name: letters, digits and ._@-, not beginning with . @ or -, not digits alone, at most 64"),
        TextForm.NamespaceName => (NamespaceName(), "use the name of a network namespace: letters, digits, - and _"),
        TextForm.DnsName => (DnsName(), "use an IPv4 address or a host name"),
        TextForm.InterfaceName =>
            (InterfaceName(), "use the name of a network interface, at most 15 letters, digits and .-_, for instance eth0"),
        TextForm.HostName => (HostName(), "use a host name of lower-case letters, digits and -, at most 63, not localhost"),
        TextForm.PostgresVersion => (PostgresVersion(), "use a released version of PostgreSQL 17, for instance \"17.12\" (in quotes)"),
        TextForm.EtcdVersion => (EtcdVersion(), "use a released version of etcd 3.5 or later without v, for instance 3.5.33"),
        TextForm.PatroniVersion => (PatroniVersion(), "use a released version of Patroni 4, for instance 4.1.5"),
        TextForm.Checksum => (Checksum(), "give the SHA-256 of the archive as 64 hexadecimal digits"),
        TextForm.SqlName => (SqlName(), "use lower-case letters, digits and _, beginning with a letter, at most 63"),
        TextForm.EtcdPath =>
            (EtcdPath(), "use a path of letters, digits, - and _ that begins with / and does not end with one, for instance /db"),
        TextForm.SlotName => (SlotName(), "use lower-case letters, digits and _, at most 63"),
        TextForm.PluginName => (PluginName(), "use the name of an output plugin, for instance pgoutput"),
        TextForm.StatisticsName => (StatisticsName(), "use letters, digits, ., - and _, at most 32"),
        TextForm.ZoneName => (ZoneName(), "use the name of a firewalld zone: letters, digits, - and _, at most 17"),
        _ => (null, "write one line of text"),
    };

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,39}$", RegexOptions.CultureInvariant)]
    private static partial Regex ClusterName();

    // As user databases have them (first.last, and user@domain of a directory), less what ssh or a shell would take for something else.
    [GeneratedRegex("^(?![0-9.-]+$)[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex UserName();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex NamespaceName();

    // Four numbers, or a name whose last part is not a number: a resolver takes 1.5 for the address 1.0.0.5.
    [GeneratedRegex(
        @"^(((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(\.(?!$)|$)){4}"
        + @"|(?=.{1,253}$)(?!([^.]*\.)*[0-9]+$)"
        + @"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex DnsName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$", RegexOptions.CultureInvariant)]
    private static partial Regex InterfaceName();

    [GeneratedRegex("^(?!localhost$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();

    [GeneratedRegex(@"^17\.(0|[1-9][0-9]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex PostgresVersion();

    // From EtcdSpecification.LeastVersion on.
    [GeneratedRegex(@"^3\.([5-9]|[1-9][0-9])\.(0|[1-9][0-9]{0,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex EtcdVersion();

    [GeneratedRegex(@"^4\.(0|[1-9][0-9]?)\.(0|[1-9][0-9]?)$", RegexOptions.CultureInvariant)]
    private static partial Regex PatroniVersion();

    [GeneratedRegex("^[0-9a-fA-F]{64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Checksum();

    [GeneratedRegex("^[a-z][a-z0-9_]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex SqlName();

    [GeneratedRegex("^(/[A-Za-z0-9_-]+)+$", RegexOptions.CultureInvariant)]
    private static partial Regex EtcdPath();

    [GeneratedRegex("^[a-z0-9_]{1,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex SlotName();

    [GeneratedRegex("^[A-Za-z0-9_$/.-]{1,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex PluginName();

    [GeneratedRegex("^[A-Za-z0-9._-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex StatisticsName();

    [GeneratedRegex("^[A-Za-z0-9_-]{1,17}$", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
