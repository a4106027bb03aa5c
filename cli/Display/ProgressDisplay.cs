using System.Globalization;
using PostgresHa.Offline;
using PostgresHa.StandIns;
using Spectre.Console;

namespace PostgresHa.Cli.Display;

/// <summary>A run as it happens: one line for each step that ends, and every ten seconds one for each that goes on.</summary>
internal sealed class ProgressDisplay : IRunObserver, IDisposable
{
    private const int NameWidth = 36;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly IAnsiConsole _console;
    private readonly Dictionary<string, (Step Step, TimeSpan Started, TimeSpan Shown, string? Line)> _running = new(StringComparer.Ordinal);
    private readonly System.Diagnostics.Stopwatch _clock = System.Diagnostics.Stopwatch.StartNew();
    private readonly Timer _timer;

    internal ProgressDisplay(IAnsiConsole console)
    {
        _console = console;
        _timer = new Timer(_ => Beat(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public void Dispose() => _timer.Dispose();

    public void OnStarted(Step step, TimeSpan at)
    {
        lock (_lock)
        {
            _running[step.Urn] = (step, at, at, null);
        }
    }

    public void OnOutput(Step step, string line)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(step.Urn, out var running))
            {
                _running[step.Urn] = running with { Line = line };
            }
        }
    }

    public void OnEnded(StepResult result)
    {
        lock (_lock)
        {
            _running.Remove(result.Step.Urn);
            if (!result.Step.IsCustom)
            {
                return;
            }

            var sign = PreviewDisplay.Sign(result.Step.Operation);
            var name = result.Step.Name.PadRight(NameWidth);
            switch (result.Status)
            {
                case StepStatus.Done:
                    var said = result.LastLine is { } line
                        && (line.StartsWith("changed", StringComparison.Ordinal) || line.StartsWith("unchanged", StringComparison.Ordinal))
                        ? line : string.Empty;
                    _console.Line(
                        ($"{Time(result.Ended)} ", Terminal.Plain),
                        (sign, PreviewDisplay.Style(result.Step.Operation)),
                        ($" {name} {Seconds(result.Duration),7}  {said}".TrimEnd(), Terminal.Plain));
                    break;
                case StepStatus.Failed:
                    _console.Line($"{Time(result.Ended)} {sign} {name} {Seconds(result.Duration),7}  FAILED", "red");
                    break;
                default:
                    _console.Line($"{Time(result.Ended)} {sign} {name}          not begun", "dim");
                    break;
            }
        }
    }

    public void OnMessage(MessageSeverity severity, string message)
    {
        lock (_lock)
        {
            // It is about no step, so it is no part of what a script reads.
            if (severity == MessageSeverity.Warning)
            {
                Terminal.Errors.Line(message, "yellow");
            }
            else
            {
                _console.Line(message, severity == MessageSeverity.Error ? "red" : Terminal.Plain);
            }
        }
    }

    internal static string Seconds(TimeSpan time) => time.TotalSeconds < 100
        ? time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s"
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:00} s");

    private static string Time(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes,3}:{time.Seconds:00}.{time.Milliseconds / 100}");

    private void Beat()
    {
        lock (_lock)
        {
            foreach (var (urn, running) in _running.ToList())
            {
                if (running.Step.IsCustom && _clock.Elapsed - running.Shown >= Heartbeat)
                {
                    _running[urn] = running with { Shown = _clock.Elapsed };
                    var time = Seconds(_clock.Elapsed - running.Started);
                    _console.Line(
                        $"{Time(_clock.Elapsed)} …  {running.Step.Name.PadRight(NameWidth)} {time,7}  {running.Line}".TrimEnd(), "dim");
                }
            }
        }
    }
}
