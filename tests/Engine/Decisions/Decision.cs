using PostgresHa.Offline;

namespace PostgresHa.Tests.Engine.Decisions;

/// <summary>One decision of the engine: two programs, one applied after the other, and what the second comes to.</summary>
/// <param name="What">What is decided.</param>
/// <param name="Source">File and function of pulumi/pulumi in which the real engine decides it; what ours does otherwise follows after a
/// semicolon.</param>
/// <param name="Before">The program of the first run.</param>
/// <param name="After">The program of the second.</param>
public sealed record Decision(string What, string Source, Action<Bench> Before, Action<Bench> After)
{
    /// <summary>What becomes of each custom resource in the second run: <c>name operation</c>.</summary>
    public string[] Steps { get; init; } = [];

    /// <summary>
    /// What ran on the host in the second run, in any order unless <see cref="InOrder"/>: <c>create name</c>, with its standard input if it
    /// has one.
    /// </summary>
    public string[] Ran { get; init; } = [];

    /// <summary>Whether <see cref="Ran"/> has an order.</summary>
    public bool InOrder { get; init; }

    /// <summary>Whether the first run succeeds. Default true.</summary>
    public bool FirstSucceeds { get; init; } = true;

    /// <summary>Whether the second succeeds. Default true; then a third finds nothing to do.</summary>
    public bool Succeeds { get; init; } = true;

    /// <summary>Part of a message of the second run; null for none.</summary>
    public string? Says { get; init; }

    /// <summary>Text that is plain in the state after the first run and not after the second; null for none.</summary>
    public string? Hides { get; init; }

    /// <summary>Whether a preview shows the same steps. Default true; not so where something is only known on the host.</summary>
    public bool Previewed { get; init; } = true;

    /// <summary>A program that is applied at last and must succeed; null for none.</summary>
    public Action<Bench>? Then { get; init; }

    /// <summary>What ran in the second run and in that of <see cref="Then"/> together; null to leave it open.</summary>
    public string[]? Finally { get; init; }
}

/// <summary>Applies a decision's programs to a real SSH server and compares.</summary>
[Collection("ssh")]
public sealed class DecisionTests(SshServer server) : IDisposable
{
    private readonly Harness _harness = new();

    public static TheoryData<string> All => [.. DecisionTable.All.Select(decision => decision.What)];

    public void Dispose() => _harness.Dispose();

    [SshTheory]
    [MemberData(nameof(All))]
    public async Task Is_as_in_its_source(string what)
    {
        var decision = DecisionTable.All.Single(decision => decision.What == what);
        var bench = new Bench(_harness, server);
        var first = await _harness.Up(() => decision.Before(bench));
        Assert.True(first.Succeeded == decision.FirstSucceeds, _harness.Everything(first));
        if (decision.Hides is { } plain)
        {
            Assert.Contains(plain, await File.ReadAllTextAsync(_harness.StatePath), StringComparison.Ordinal);
        }

        bench.Forget();
        var preview = await _harness.Preview(() => decision.After(bench));
        Assert.Empty(bench.Ran());
        _harness.Recorder.Messages.Clear();
        var second = await _harness.Up(() => decision.After(bench));

        Assert.True(second.Succeeded == decision.Succeeds, _harness.Everything(second));
        Assert.Equal(Ordered(decision.Ran, decision.InOrder), Ordered(bench.Ran(), decision.InOrder));
        if (decision.Says is { } message)
        {
            Assert.Contains(_harness.Recorder.Messages, said => said.Contains(message, StringComparison.Ordinal));
        }

        if (decision.Succeeds)
        {
            Assert.Equal(decision.Steps.Order(), Steps(second));
            if (decision.Previewed)
            {
                Assert.Equal(decision.Steps.Order(), Steps(preview));
            }

            var third = await _harness.Up(() => decision.After(bench));
            Assert.True(third.Succeeded && third.Results.Count == 0, _harness.Everything(third));
        }

        if (decision.Hides is { } hidden)
        {
            Assert.DoesNotContain(hidden, await File.ReadAllTextAsync(_harness.StatePath), StringComparison.Ordinal);
        }

        if (decision.Then is { } then)
        {
            var last = await _harness.Up(() => then(bench));
            Assert.True(last.Succeeded, _harness.Everything(last));
            Assert.Equal(decision.Finally ?? decision.Ran, bench.Ran());
        }
    }

    private static IEnumerable<string> Steps(RunReport report) =>
        report.Steps.Where(step => step.IsCustom).Select(step => $"{step.Name} {step.Operation}").Order();

    private static IEnumerable<string> Ordered(IEnumerable<string> lines, bool asTheyAre) => asTheyAre ? lines : lines.Order();
}
