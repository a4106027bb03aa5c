using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>HAProxy's and PgBouncer's limits and check intervals.</summary>
internal static class ProxyRules
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
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
