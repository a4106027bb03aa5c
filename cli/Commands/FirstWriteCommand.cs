using System.CommandLine;
using Npgsql;
using PostgresHa.Lab;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha first-write</c>: not for people; <c>lab up</c> runs it inside the lab's network.</summary>
internal static class FirstWriteCommand
{
    /// <summary>Variable that holds the connection URI when another engine than ours knows it.</summary>
    public const string UriVariable = "PGHA_CONNECTION_URI";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var command = new Command("first-write", "Write one row through the VIP.") { stack };
        command.Hidden = true;
        command.SetAction(async (result, cancellation) =>
        {
            var context = StackContext.Load(
                Project.Find(result.GetValue(CommonOptions.Project)), CommonOptions.StackName(result, stack), withoutLab: false);
            NamespaceEntry.Enter(context.Specification);
            // A secret comes by environment, never as an argument.
            var uri = Environment.GetEnvironmentVariable(UriVariable) is { Length: > 0 } given
                ? given
                : (await StackEngine.For(context).OutputsAsync()).GetValueOrDefault("connectionUri")?.Text
                    ?? throw new CommandException(
                        $"Stack {context.Stack} has no output connectionUri; apply it: ./pgha up --stack {context.Stack}");
            await WriteAsync(uri, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task WriteAsync(string uri, CancellationToken cancellation)
    {
        var connectionString = ConnectionString(new Uri(uri));
        if (await Wait.UntilAsync(TryAsync, Limit, TimeSpan.FromMilliseconds(100), cancellation) is { } error)
        {
            throw new CommandException($"No write went through the VIP within {Limit.TotalSeconds:0} s: {error}");
        }

        async Task<string?> TryAsync()
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(cancellation);
                // A write like any other, logged and committed; and nothing of it stays.
                await using var command = new NpgsqlCommand(
                    "create table pgha_first_write as select now() as written; drop table pgha_first_write", connection);
                await command.ExecuteNonQueryAsync(cancellation);
                return null;
            }
            catch (NpgsqlException error)
            {
                return error.Message;
            }
        }
    }

    private static string ConnectionString(Uri uri)
    {
        var user = uri.UserInfo.Split(':', 2);
        return new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port,
            Database = uri.AbsolutePath.TrimStart('/'),
            Username = user[0],
            Password = Uri.UnescapeDataString(user[1]),
            Timeout = 5,
            CommandTimeout = 10,
            Pooling = false,
        }.ConnectionString;
    }
}
