using PostgresHa.Cli;
using PostgresHa.Cli.Bill;
using PostgresHa.Specification;
using PostgresHa.Tests.Engine;

namespace PostgresHa.Tests.Cli;

/// <summary>Hosts that answer <c>pgha bill</c> each in its own way: one server on several addresses of the loopback interface.</summary>
public sealed class BillCollectorTests : IAsyncLifetime, IDisposable
{
    private const string Answers = """
        case $SSH_ORIGINAL_COMMAND in *'sh -s'*) ;; *host-bill*) ;; *) exec sh -c "$SSH_ORIGINAL_COMMAND" ;; esac
        set -- $SSH_CONNECTION
        cat >FOLDER/stdin.$3
        case $3 in
          127.0.0.1) echo '{"system":{"id":"debian","version":"13","title":"Debian"},"packages":[],"postgres":[],"missing":[]}' ;;
          127.0.0.3) echo "sh: 1: /usr/local/lib/postgres-ha/host-bill: not found" >&2; exit 127 ;;
          127.0.0.4) echo "sudo: /usr/local/lib/postgres-ha/host-bill: command not found" >&2; exit 1 ;;
          127.0.0.5)
            echo '{"system":{"id":"x","version":"","title":""},"packages":[],"postgres":[],"missing":["haproxy","PostgreSQL at /p"]}'
            ;;
          127.0.0.6) echo '{"postgres":[]}' ;;
          127.0.0.7) echo 'error: /opt/pgsql-1/bin/postgres: no such file' >&2; exit 1 ;;
        esac
        """;

    private readonly TemporaryProject _project = new();
    private readonly SshServer _server;

    public BillCollectorTests()
    {
        var script = Path.Combine(_project.Folder, "answers");
        File.WriteAllText(script, Answers.Replace("FOLDER", _project.Folder, StringComparison.Ordinal));
        _server = new SshServer
        {
            More = string.Concat(Enumerable.Range(3, 5).Select(static last => $"ListenAddress 127.0.0.{last}\n"))
                + $"ForceCommand sh {script}",
        };
    }

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _project.Dispose();

    [SshFact]
    public async Task Hosts_that_answer_are_asked_for_what_the_stack_file_wants()
    {
        var answers = await AskAsync("1");

        Assert.Equal("Debian", Assert.Single(answers).Bill.System.Title);
        var asked = await File.ReadAllTextAsync(Path.Combine(_project.Folder, "stdin.127.0.0.1"));
        Assert.Equal(BillQuestion.Stdin(Sample, Sample.Hosts[0]), asked);
        Assert.Contains("\"haproxy\",\"keepalived\"", asked, StringComparison.Ordinal);
    }

    [SshFact]
    public async Task Every_host_without_an_answer_is_named_with_the_reason()
    {
        var failure = await Assert.ThrowsAsync<CommandException>(() => AskAsync("1", "2", "3", "4", "5", "6", "7"));

        var lines = failure.Message.Split('\n');
        const string NoTool = "has no tool host-bill: nothing was applied to it yet, or by an older version of this program only; "
            + "apply the stack first: ./pgha up --stack orders";
        Assert.Equal("There is no bill without all hosts:", lines[0]);
        Assert.StartsWith("  h2: ", lines[1], StringComparison.Ordinal);
        Assert.Contains("127.0.0.2:", lines[1], StringComparison.Ordinal);
        Assert.Contains("cannot be reached", lines[1], StringComparison.Ordinal);
        Assert.Equal("  h3: " + NoTool, lines[2]);
        Assert.Equal("  h4: " + NoTool, lines[3]);
        Assert.Equal("  h5: lacks haproxy, PostgreSQL at /p; apply the stack first: ./pgha up --stack orders", lines[4]);
        Assert.StartsWith("  h6: its answer could not be read (", lines[5], StringComparison.Ordinal);
        Assert.Equal("  h7: error: /opt/pgsql-1/bin/postgres: no such file", lines[6]);
        Assert.Equal(7, lines.Length);
    }

    [Fact]
    public async Task A_file_is_written_as_a_whole_or_stays_what_it_was()
    {
        var path = Path.Combine(_project.Folder, "bill.json");
        var link = Path.Combine(_project.Folder, "link.json");
        await OutputPath.ReplaceAsync(path, "first", CancellationToken.None);
        File.CreateSymbolicLink(link, path);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => OutputPath.ReplaceAsync(path, "second", new CancellationToken(canceled: true)));
        Assert.Equal("first", await File.ReadAllTextAsync(path));

        await OutputPath.ReplaceAsync(link, "third", CancellationToken.None);
        await OutputPath.ReplaceAsync("/dev/null", "nobody", CancellationToken.None);
        Assert.Equal("third", await File.ReadAllTextAsync(path));
        Assert.Equal(path, new FileInfo(link).LinkTarget);
        Assert.Equal("", await File.ReadAllTextAsync("/dev/null"));
        Assert.DoesNotContain(Directory.GetFiles(_project.Folder), static file => Path.GetFileName(file).StartsWith('.'));
    }

    private static ClusterSpecification Sample { get; } = SampleCluster.With("{}", "{}");

    // No address of the stack is dialled: each stands for one of the loopback interface.
    private async Task<IReadOnlyList<(HostSpecification Host, HostBill Bill)>> AskAsync(params string[] numbers)
    {
        var cluster = Sample with { Hosts = [.. numbers.Select(static number => Sample.Hosts[0] with { Name = "h" + number })] };
        await using var collector = new BillCollector(cluster, "orders", host => _server.Connection with
        {
            Host = "127.0.0." + host.Name[1..],
            DialErrorLimit = 1,
        });
        return await collector.CollectAsync(CancellationToken.None);
    }
}
