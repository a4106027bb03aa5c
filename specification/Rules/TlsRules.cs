using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>TLS: names that a certificate can hold, a PostgreSQL that knows it, and a warning where it is switched off.</summary>
internal static class TlsRules
{
    private const int MostAuthorities = 999;

    private static readonly string[] Flags = ["--with-openssl", "--with-ssl=openssl"];

    public static void Check(ClusterSpecification draft, Findings findings)
    {
        if (findings.Good("tls.clients"))
        {
            CheckClients(draft, findings);
        }

        if (findings.Good("haproxy.statisticsTls") && draft.Tls.IsOn && !draft.HAProxy.StatisticsTls)
        {
            findings.Warn(
                "haproxy.statisticsTls",
                "false",
                "has the statistics page's password cross the network in clear",
                "take it away");
        }

        if (findings.Good("etcd.tls") && !draft.Etcd.Tls)
        {
            findings.Warn(
                "etcd.tls",
                "false",
                "has etcd's passwords, and with them the leader's lock, cross the network between the hosts in clear",
                "take it away");
        }

        if (findings.Good("patroni.apiTls") && !draft.Patroni.ApiTls)
        {
            findings.Warn(
                "patroni.apiTls",
                "false",
                "has the password of Patroni's API cross the network between the hosts in clear, and HAProxy believe whoever answers at a "
                + "member's address",
                "take it away");
        }

        if (findings.Good("tls.authorities"))
        {
            CheckAuthorities(draft.Tls.Authorities, findings);
        }

        var (pattern, _) = Forms.Of(TextForm.DnsName);
        for (var i = 0; findings.Good("tls.names") && i < draft.Tls.Names.Count; i++)
        {
            var name = draft.Tls.Names[i];
            if (!pattern!.IsMatch(name) || Ipv4.TryParse(name, out _))
            {
                findings.Add(
                    string.Create(CultureInfo.InvariantCulture, $"tls.names[{i}]"),
                    Scalars.Show(name),
                    "is not a DNS name",
                    "write a name such as db.example.org; addresses are in the certificates anyway");
            }
        }
    }

    private static void CheckAuthorities(IReadOnlyList<string> authorities, Findings findings)
    {
        const string Key = "tls.authorities";
        const string Remedy = "write one, as [1] or [own], or, while another takes over, two, as [1, 2], [1, own]";
        var shown = $"[{string.Join(", ", authorities.Select(Scalars.Show))}]";
        var numbers = authorities.Where(static one => one != TlsSpecification.Own).ToList();
        if (numbers.Any(static one => !int.TryParse(one, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > MostAuthorities || one[0] == '0'))
        {
            findings.Add(
                Key,
                shown,
                $"holds what is neither {TlsSpecification.Own} nor the number of an authority",
                $"{Remedy}; from 1 to {MostAuthorities}");
        }
        else if (authorities.Count is not (1 or 2) || authorities.Distinct(StringComparer.Ordinal).Count() < authorities.Count)
        {
            findings.Add(Key, shown, "is neither one authority nor two", Remedy);
        }
        else if (numbers is [var first, var second]
            && Math.Abs(int.Parse(first, CultureInfo.InvariantCulture) - int.Parse(second, CultureInfo.InvariantCulture)) != 1)
        {
            findings.Add(Key, shown, "has numbers that do not follow each other", Remedy);
        }
    }

    private static void CheckClients(ClusterSpecification draft, Findings findings)
    {
        if (!draft.Tls.IsOn)
        {
            findings.Warn(
                "tls.clients",
                "off",
                "has everything that clients and replicas read and write cross the network in clear",
                "take it away; while clients are changed: optional");
        }
        else if (findings.Good("postgres.configureFlags") && !draft.Postgres.ConfigureFlags.Any(IsFlag))
        {
            findings.Add(
                "postgres.configureFlags",
                string.Join(' ', draft.Postgres.ConfigureFlags),
                "builds a PostgreSQL without TLS",
                $"add {Flags[0]}, or set tls.clients: off");
        }

        static bool IsFlag(string given) => Flags.Any(flag => given.StartsWith(flag, StringComparison.Ordinal));
    }
}
