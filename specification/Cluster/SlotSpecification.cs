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
public sealed record PermanentSlot
{
    [Text(
        "Name of a replication slot that Patroni makes on the leader and keeps through every change of leader.",
        Form = TextForm.SlotName)]
    public required string Name { get; init; }

    [Choice("Its kind.", Note = "`logical` where a database or plugin is given, else `physical`")]
    public required SlotType Type { get; init; }

    /// <remarks>Null for a physical one.</remarks>
    [Text("Database of a logical one.", Note = "`postgres.database`")]
    public string? Database { get; init; }

    /// <remarks>Null for a physical one.</remarks>
    [Text("Output plugin of a logical one.", Note = "`pgoutput`", Form = TextForm.PluginName)]
    public string? Plugin { get; init; }
}

/// <summary>Slots that Patroni leaves alone, by whatever is given of them; what is null fits any.</summary>
public sealed record IgnoredSlot
{
    [Text(
        "Name of replication slots that Patroni leaves alone. Others that are neither a member's nor one of `patroni.slots` it drops, at "
        + "the latest when it "
        + "starts or the leader changes.",
        Note = "any",
        Form = TextForm.SlotName)]
    public string? Name { get; init; }

    [Choice("Their kind.", Note = "any")]
    public SlotType? Type { get; init; }

    [Text("Their database.", Note = "any")]
    public string? Database { get; init; }

    [Text("Their output plugin.", Note = "any", Form = TextForm.PluginName)]
    public string? Plugin { get; init; }
}
