using System.Diagnostics;
using PostgresHa.Cli.Status;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>What is gathered while a drill runs.</summary>
internal sealed class Measurement
{
    private readonly List<DrillEvent> _events = [];

    /// <summary>For one round of a drill.</summary>
    public Measurement(Drill drill, DrillScene scene, int round)
    {
        Drill = drill;
        Scene = scene;
        Round = round;
        Action = drill.Describe(scene);
        scene.Mark = (name, detail) => Mark(name, detail);
    }

    public Drill Drill { get; }

    public DrillScene Scene { get; }

    public int Round { get; }

    /// <summary>What the drill does, in the words of the moment before it.</summary>
    public string Action { get; }

    public DateTimeOffset At { get; } = DateTimeOffset.UtcNow;

    /// <summary>Start of the measurement, a stopwatch's timestamp.</summary>
    public long Zero { get; set; } = Stopwatch.GetTimestamp();

    public TimeSpan Now => Stopwatch.GetElapsedTime(Zero);

    public TimeSpan Fault { get; set; }

    /// <summary>When mending began.</summary>
    public TimeSpan Repair { get; set; }

    /// <summary>When everything was mended and each host could be logged in at.</summary>
    public TimeSpan Repaired { get; set; }

    public TimeSpan End { get; set; }

    /// <summary>The boot of the host that must be reset, before; null when none must.</summary>
    public BootMark? BootBefore { get; set; }

    /// <summary>The same after the repair.</summary>
    public BootMark? BootAfter { get; set; }

    /// <summary>Whether writes, or a new leader, were waited for in vain.</summary>
    public bool TimedOut { get; set; }

    /// <summary>The healthy state afterwards; null when it was not reached.</summary>
    public ClusterStatus? After { get; set; }

    public IReadOnlyList<Attempt> Attempts { get; set; } = [];

    public IReadOnlyList<HostSample> Samples { get; set; } = [];

    public IReadOnlyList<StoredRow> Rows { get; set; } = [];

    public IReadOnlyList<(string Host, TimeSpan At, bool Holds)> VipChanges { get; set; } = [];

    public IReadOnlyList<DrillEvent> Events => _events;

    /// <summary>What tells one boot of a host from another.</summary>
    public async Task<BootMark> BootAsync(HostSpecification host, CancellationToken cancellation) =>
        BootMark.Parse(await Scene.RunAsync(host, ["cat", .. BootMark.Files], cancellation), Now);

    /// <summary>Notes that something happens now.</summary>
    public TimeSpan Mark(string name, string detail = "")
    {
        var now = Now;
        _events.Add(new DrillEvent(name, now, detail));
        return now;
    }
}
