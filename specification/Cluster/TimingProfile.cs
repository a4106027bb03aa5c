namespace PostgresHa.Specification;

/// <summary>Timings that fit together.</summary>
public enum TimingProfile
{
    /// <summary>One room, hosts that do not stall: the shortest times, at the price of a failover for a hiccup of a few seconds.</summary>
    Fast,

    /// <summary>One site, ordinary hosts.</summary>
    Normal,

    /// <summary>Several sites, with round trips of up to 100 ms between them.</summary>
    WideNetwork,
}
