namespace PostgresHa.Specification;

/// <summary>Kind of a replication slot.</summary>
public enum SlotType
{
    /// <summary>For a replica, or pg_receivewal.</summary>
    Physical,

    /// <summary>For a subscription or another reader of decoded changes.</summary>
    Logical,
}

/// <summary>A replication slot that Patroni makes on the leader and keeps through every change of leader.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its kind; logical where a database or plugin is given.</param>
/// <param name="Database">Database of a logical one, by default the application's; null for a physical one.</param>
/// <param name="Plugin">Output plugin of a logical one, by default pgoutput; null for a physical one.</param>
public sealed record PermanentSlot(string Name, SlotType Type, string? Database, string? Plugin);

/// <summary>Slots that Patroni leaves alone, by whatever is given of them.</summary>
/// <param name="Name">Name; null for any.</param>
/// <param name="Type">Kind; null for any.</param>
/// <param name="Database">Database; null for any.</param>
/// <param name="Plugin">Output plugin; null for any.</param>
public sealed record IgnoredSlot(string? Name, SlotType? Type, string? Database, string? Plugin);
