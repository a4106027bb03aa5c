namespace PostgresHa.Specification;

/// <summary>A program that a cluster consists of, whose version matters.</summary>
public enum Component
{
    /// <summary>The database server.</summary>
    Postgres,

    /// <summary>The store of the leader's lock.</summary>
    Etcd,

    /// <summary>Who elects the leader.</summary>
    Patroni,

    /// <summary>The connection pool.</summary>
    PgBouncer,

    /// <summary>The proxy behind the virtual IP.</summary>
    HAProxy,

    /// <summary>Who moves the virtual IP.</summary>
    Keepalived,
}

/// <summary>Names of components.</summary>
public static class ComponentNames
{
    /// <summary>The component's own spelling of its name: <c>PostgreSQL</c>, <c>etcd</c> …</summary>
    /// <param name="component">The component.</param>
    public static string Title(this Component component) => component switch
    {
        Component.Postgres => "PostgreSQL",
        Component.Etcd => "etcd",
        Component.Keepalived => "keepalived",
        _ => component.ToString(),
    };
}
