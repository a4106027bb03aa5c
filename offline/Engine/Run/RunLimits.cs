namespace PostgresHa.Offline;

/// <summary>When a run stops early.</summary>
/// <param name="Stop">Nothing new is begun once it is cancelled; what runs is let finish.</param>
/// <param name="Kill">What runs is ended once it is cancelled.</param>
internal sealed record RunLimits(CancellationToken Stop, CancellationToken Kill);
