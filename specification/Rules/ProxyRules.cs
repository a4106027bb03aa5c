using System.Globalization;
using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <summary>HAProxy's and PgBouncer's limits and check intervals.</summary>
internal static partial class ProxyRules
{
    public static void Check(ClusterSpecification draft, Values values)
    {
        HAProxySpecification proxy = draft.HAProxy;
        if (values.Good(Keys.HAProxyMaxConnections.Path, Keys.HAProxyFrontendMaxConnections.Path) && proxy.FrontendMaxConnections >= proxy.MaxConnections)
        {
            values.Add(
                Keys.HAProxyFrontendMaxConnections.Path,
                Number(proxy.FrontendMaxConnections),
                $"is not below haproxy.maxConnections ({Number(proxy.MaxConnections)}), so that one busy frontend could shut out checks and statistics",
                $"set it to at most {Number(proxy.MaxConnections - 1)}");
        }

        if (values.Good(Keys.HAProxyCheckInterval.Path, Keys.HAProxyCheckFastInterval.Path) && proxy.CheckFastInterval > proxy.CheckInterval)
        {
            values.Add(
                Keys.HAProxyCheckFastInterval.Path,
                Scalars.Show(proxy.CheckFastInterval),
                $"is longer than haproxy.checkInterval ({Scalars.Show(proxy.CheckInterval)})",
                $"set it to at most {Scalars.Show(proxy.CheckInterval)}");
        }

        PgBouncerSpecification pool = draft.PgBouncer;
        int perPool = pool.DefaultPoolSize + pool.ReservePoolSize;
        if (values.Good(Keys.PgBouncerDefaultPoolSize.Path, Keys.PgBouncerReservePoolSize.Path, Keys.PgBouncerMaxDatabaseConnections.Path)
            && perPool > pool.MaxDatabaseConnections)
        {
            values.Add(
                Keys.PgBouncerDefaultPoolSize.Path,
                Number(pool.DefaultPoolSize),
                $"with reservePoolSize {Number(pool.ReservePoolSize)} is more than maxDatabaseConnections ({Number(pool.MaxDatabaseConnections)})",
                pool.MaxDatabaseConnections > pool.ReservePoolSize
                    ? $"set it to at most {Number(pool.MaxDatabaseConnections - pool.ReservePoolSize)}, or maxDatabaseConnections to at least {Number(perPool)}"
                    : $"set maxDatabaseConnections to at least {Number(perPool)}");
        }

        CheckIgnoredParameters(pool.IgnoreStartupParameters, values);
    }

    private static void CheckIgnoredParameters(IReadOnlyList<string> names, Values values)
    {
        const string All = "options";
        string path = Keys.PgBouncerIgnoreStartupParameters.Path;
        if (!values.Good(path))
        {
            return;
        }

        bool good = true;
        for (int i = 0; i < names.Count; i++)
        {
            if (!ParameterName().IsMatch(names[i]))
            {
                good = false;
                values.Add($"{path}[{Number(i)}]", Scalars.Show(names[i]), "is no name of a parameter", "use letters, digits and _, with at most one dot for an extension's");
            }
        }

        if (good && names.Count > 0 && !names.Contains(All, StringComparer.Ordinal))
        {
            values.Add(
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
