using System.Diagnostics;
using System.Globalization;

namespace PostgresHa.Lab;

/// <summary>Times the phases of an operation and reports on it.</summary>
internal sealed class Phases(IProgress<LabProgress>? progress)
{
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly List<PhaseTiming> _timings = [];

    public void Say(string message) => Say(message, "lab");

    public void Say(string message, string subject) => progress?.Report(new LabProgress(_total.Elapsed, subject, message));

    public async Task RunAsync(string name, Func<Task> phase)
    {
        var began = _total.Elapsed;
        await phase();
        _timings.Add(new PhaseTiming(name, _total.Elapsed - began));
        Say(string.Create(CultureInfo.InvariantCulture, $"{name}: {_timings[^1].Duration.TotalSeconds:0.0} s"));
    }

    public LabUpResult Result() => new(_timings, _total.Elapsed);
}
