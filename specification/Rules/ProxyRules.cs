using System.Globalization;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>HAProxy's and PgBouncer's limits and check intervals.</summary>
internal static partial class ProxyRules
{
    public static void Check(ClusterSpecification draft, Findings findings)
    {
        var proxy = draft.HAProxy;
        if (findings.Good("haproxy.maxConnections", "haproxy.frontendMaxConnections")
            && proxy.FrontendMaxConnections >= proxy.MaxConnections)
        {
            findings.Add(
                "haproxy.frontendMaxConnections",
                Number(proxy.FrontendMaxConnections),
                $"is not below haproxy.maxConnections ({Number(proxy.MaxConnections)}), so that one busy frontend could shut out checks "
                + "and statistics",
                $"set it to at most {Number(proxy.MaxConnections - 1)}");
        }

        if (findings.Good("haproxy.checkInterval", "haproxy.checkFastInterval") && proxy.CheckFastInterval > proxy.CheckInterval)
        {
            findings.Add(
                "haproxy.checkFastInterval",
                Scalars.Show(proxy.CheckFastInterval),
                $"is longer than haproxy.checkInterval ({Scalars.Show(proxy.CheckInterval)})",
                $"set it to at most {Scalars.Show(proxy.CheckInterval)}");
        }

        var pool = draft.PgBouncer;
        var perPool = pool.DefaultPoolSize + pool.ReservePoolSize;
        if (findings.Good("pgbouncer.defaultPoolSize", "pgbouncer.reservePoolSize", "pgbouncer.maxDatabaseConnections")
            && perPool > pool.MaxDatabaseConnections)
        {
            findings.Add(
                "pgbouncer.defaultPoolSize",
                Number(pool.DefaultPoolSize),
                $"with reservePoolSize {Number(pool.ReservePoolSize)} is more than maxDatabaseConnections "
                + $"({Number(pool.MaxDatabaseConnections)})",
                pool.MaxDatabaseConnections > pool.ReservePoolSize
                    ? $"set it to at most {Number(pool.MaxDatabaseConnections - pool.ReservePoolSize)}, or maxDatabaseConnections to at "
                        + $"least {Number(perPool)}"
                    : $"set maxDatabaseConnections to at least {Number(perPool)}");
        }

        CheckIgnoredParameters(pool.IgnoreStartupParameters, findings);
    }

    private static void CheckIgnoredParameters(IReadOnlyList<string> names, Findings findings)
    {
        const string All = "options";
        var path = "pgbouncer.ignoreStartupParameters";
        if (!findings.Good(path))
        {
            return;
        }

        var good = true;
        for (var i = 0; i < names.Count; i++)
        {
            if (!ParameterName().IsMatch(names[i]))
            {
                good = false;
                findings.Add(
                    $"{path}[{Number(i)}]",
                    Scalars.Show(names[i]),
                    "is not the name of a parameter",
                    "use letters, digits and _, with at most one dot for an extension's");
            }
        }

        if (good && names.Count > 0 && !names.Contains(All, StringComparer.Ordinal))
        {
            findings.Add(
                path,
                string.Join(", ", names),
                $"lacks {All}, without which any client can make PgBouncer 1.20 to 1.26.0 loop before it logs in (CVE-2026-107349)",
                $"add {All}, or write [] to have every such client refused");
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z_][A-Za-z0-9_]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex ParameterName();
}
