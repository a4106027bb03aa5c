using System.Diagnostics;
using System.Globalization;

namespace PostgresHa.Lab;

/// <summary>Times the phases of an operation and reports on it.</summary>
internal sealed class Phases(IProgress<LabProgress>? progress)
{
    private readonly Stopwatch total = Stopwatch.StartNew();
    private readonly List<PhaseTiming> timings = [];

    public void Say(string message) => Say(message, "lab");

    public void Say(string message, string subject) => progress?.Report(new LabProgress(total.Elapsed, subject, message));

    public async Task RunAsync(string name, Func<Task> phase)
    {
        var began = total.Elapsed;
        await phase();
        timings.Add(new PhaseTiming(name, total.Elapsed - began));
        Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {timings[^1].Duration.TotalSeconds:0.0} s"));
    }

    public LabUpResult Result() => new(timings, total.Elapsed);
}
