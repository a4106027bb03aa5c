namespace PostgresHa.Cli.Drills;

/// <summary>What became of every row that was acknowledged.</summary>
/// <param name="Acknowledged">Rows whose writer was told they are committed.</param>
/// <param name="Missing">Acknowledged rows that are not in the database: lost.</param>
/// <param name="Unacknowledged">Rows in the database whose writer got an error: committed, but the answer did not arrive.</param>
/// <param name="Duplicated">Rows that are there more than once; a primary key forbids it, so any means a corrupt index.</param>
/// <param name="Lost">The lost rows themselves, in the order of their acknowledgement.</param>
public sealed record Accounting(int Acknowledged, int Missing, int Unacknowledged, int Duplicated, IReadOnlyList<Attempt> Lost)
{
    /// <summary>Compares what writers were told with what the database holds.</summary>
    /// <param name="attempts">Every attempt; reads are passed over.</param>
    /// <param name="rows">Every row found afterwards.</param>
    public static Accounting Of(IEnumerable<Attempt> attempts, IEnumerable<StoredRow> rows)
    {
        var writes = attempts.Where(static attempt => attempt.Endpoint != Endpoint.Read).ToList();
        var present = new HashSet<(int, long)>();
        var duplicated = rows.Count(row => !present.Add((row.Client, row.Sequence)));
        var lost = writes.Where(write => write.Succeeded && !present.Contains((write.Client, write.Sequence)))
            .OrderBy(static write => write.Ended).ToList();
        return new Accounting(
            writes.Count(static write => write.Succeeded),
            lost.Count,
            writes.Count(write => !write.Succeeded && present.Contains((write.Client, write.Sequence))),
            duplicated,
            lost);
    }
}
