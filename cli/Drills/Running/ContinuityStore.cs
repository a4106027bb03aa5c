using Npgsql;

namespace PostgresHa.Cli.Drills;

/// <summary>The drill's own schema in the application's database; gone afterwards.</summary>
internal sealed class ContinuityStore(DatabaseAccess access)
{
    private const string Schema = "pgha_drill";

    // The name of the file that would take the next record begins with the timeline; the control file tells it only after the next
    // checkpoint.
    private const string Timeline = "('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int";

    // Behind PgBouncer the connection comes from the host itself; Patroni has each server listen on its host's address first.
    private const string Server = "split_part(current_setting('listen_addresses'), ',', 1)";

    /// <summary>Statement of the writers: client, sequence, client's time; returns timeline and server.</summary>
    public const string Insert =
        $"insert into {Schema}.rows (client, sequence, sent, timeline, server) values ($1, $2, $3, {Timeline}, {Server}) "
        + "returning timeline, server";

    /// <summary>Statement of the readers: client; returns the server.</summary>
    public const string Select = $"select {Server}, (select max(sequence) from {Schema}.rows where client = $1)";

    /// <summary>Question to a host: whether it takes writes, and on which timeline.</summary>
    public const string Probe = $"select not pg_is_in_recovery(), case when pg_is_in_recovery() then null else {Timeline} end";

    /// <summary>Creates it anew; an interrupted drill may have left it.</summary>
    public Task CreateAsync(CancellationToken cancellation) => ExecuteAsync(
        $"""
        drop schema if exists {Schema} cascade;
        create schema {Schema};
        create table {Schema}.rows (
            client int, sequence bigint, sent timestamptz not null, written timestamptz not null default clock_timestamp(),
            timeline int not null, server text not null, primary key (client, sequence));
        """,
        cancellation);

    /// <summary>Removes it.</summary>
    public Task DropAsync(CancellationToken cancellation) => ExecuteAsync($"drop schema if exists {Schema} cascade", cancellation);

    /// <summary>Every row of it.</summary>
    public Task<List<StoredRow>> RowsAsync(CancellationToken cancellation) => TryAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand($"select client, sequence, server, timeline from {Schema}.rows", connection);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = new List<StoredRow>();
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(new StoredRow(reader.GetInt32(0), reader.GetInt64(1), reader.GetString(2), reader.GetInt32(3)));
            }

            return rows;
        },
        cancellation);

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellation) => TryAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteNonQueryAsync(cancellation);
        },
        cancellation);

    // Each of these can be repeated, and right after a failover one may have to be.
    private async Task<T> TryAsync<T>(Func<NpgsqlConnection, Task<T>> action, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var source = access.ForAdministration();
                await using var connection = await source.OpenConnectionAsync(cancellation);
                return await action(connection);
            }
            catch (Exception error) when (DatabaseAccess.IsExpected(error, connection: null) && !cancellation.IsCancellationRequested)
            {
                if (attempt == 20)
                {
                    throw new CommandException(
                        $"The database behind the virtual IP does not do what the drill needs: {error.Message}", error);
                }

                await Task.Delay(TimeSpan.FromMilliseconds(500), cancellation);
            }
        }
    }
}
