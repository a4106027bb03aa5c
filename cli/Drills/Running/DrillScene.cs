using System.Globalization;
using PostgresHa.Cli.Status;
using PostgresHa.Components.Remote;
using PostgresHa.Lab;
using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>The cluster as a drill finds it, and the means to break and mend it.</summary>
internal sealed class DrillScene(StackContext context, LabEnvironment? lab, HostShell shell, ClusterStatus status)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan BootLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EmulatedBootLimit = TimeSpan.FromMinutes(8);

    private readonly StackRuns? _runs = lab is null ? null : new StackRuns(context);
    private readonly List<string> _complaints = [];
    private readonly List<string> _findings = [];
    private readonly HashSet<string> _broken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _dead = new(StringComparer.Ordinal);

    /// <summary>The stack's cluster.</summary>
    public ClusterSpecification Cluster { get; } = context.Specification;

    /// <summary>Name of the stack.</summary>
    public string Stack { get; } = context.Stack;

    /// <summary>Its state before the fault. Set anew after a preparation.</summary>
    public ClusterStatus Status { get; set; } = status;

    /// <summary>Whether the hosts are containers of the lab.</summary>
    public bool IsLab => lab is not null;

    /// <summary>Whether one of them is a virtual machine of the lab, which may be an emulated and so a slow one.</summary>
    public bool IsEmulated => lab?.HasVirtualMachine ?? false;

    /// <summary>The leader's host.</summary>
    public HostSpecification Leader => Host(Status.Leader!);

    /// <summary>The host that holds the virtual IP.</summary>
    public HostSpecification VipHolder => Host(Status.Vip.Holders[0]);

    /// <summary>The host of etcd's leader; null when nobody knows.</summary>
    public HostSpecification? EtcdLeader =>
        Status.Hosts.FirstOrDefault(static host => host.Etcd is { Leads: true }) is { } found ? Host(found.Name) : null;

    /// <summary>The other hosts, in the order of the stack file.</summary>
    public IReadOnlyList<HostSpecification> Others(HostSpecification one) => [.. Cluster.Hosts.Where(host => host.Name != one.Name)];

    /// <summary>A host's synchronous or otherwise best replica.</summary>
    public HostSpecification Candidate => Host(Status.Hosts
        .Where(host => host.Name != Status.Leader)
        .OrderByDescending(static host => host.Role is "sync_standby" or "quorum_standby")
        .ThenBy(static host => host.LagBytes ?? long.MaxValue)
        .First().Name);

    /// <summary>Runs of this program on the lab's stack.</summary>
    public StackRuns Runs => _runs ?? throw new InvalidOperationException("there is no lab");

    /// <summary>The lab's hosts.</summary>
    public LabEnvironment Lab => lab ?? throw new InvalidOperationException("there is no lab");

    /// <summary>Why the stack cannot be applied by a drill; null when it can.</summary>
    public string? WhyNotApplied =>
        lab is null ? "it changes the stack and its hosts, which is done in the lab only"
        : LabContext.Of(context).Engine == PulumiEngine.Name
            ? "the lab's stack was applied by Pulumi, and the drill applies it by the offline engine"
        : null;

    /// <summary>Told what happens, a line each.</summary>
    public Action<string> Say { get; init; } = static _ => { };

    /// <summary>Notes that something happens now: its name, and what a reader should know of it.</summary>
    public Action<string, string> Mark { get; set; } = static (_, _) => { };

    /// <summary>What the drill itself saw that is not as it should be, a sentence each.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>What the drill itself found out, a sentence each.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>Adds to <see cref="Complaints"/>.</summary>
    public void Complain(string sentence)
    {
        Say($"  ✗ {sentence}");
        _complaints.Add(sentence);
    }

    /// <summary>Adds to <see cref="Findings"/>.</summary>
    public void Find(string sentence)
    {
        Say($"  {sentence}");
        _findings.Add(sentence);
    }

    /// <summary>Whether a host has a watchdog's device.</summary>
    public bool HasWatchdog(HostSpecification host) => Watchdogs.Contains(host.Name);

    /// <summary>Names of the hosts that have one.</summary>
    public IReadOnlySet<string> Watchdogs { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Breaks something on a host; undone by <see cref="RestoreAsync(CancellationToken)"/>, or by the host itself when this process is
    /// gone.
    /// </summary>
    public async Task FaultAsync(HostSpecification host, string action, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        _broken.Add(host.Name);
        // Longer than any drill lasts, short enough for whoever interrupted one.
        var deadMan = (Cluster.Patroni.Ttl + TimeSpan.FromMinutes(3)).TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        await shell.RunAsync(host, [HostPaths.Tool("drill-fault"), deadMan, action, .. arguments], Limit, cancellation);
    }

    /// <summary>Runs a command on a host as root.</summary>
    public Task<string> RunAsync(HostSpecification host, IReadOnlyList<string> command, CancellationToken cancellation) =>
        shell.RunAsync(host, command, Limit, cancellation);

    /// <summary>Takes a host's power away: a container is killed; a machine is reset, which boots it again.</summary>
    public async Task CrashAsync(HostSpecification host, CancellationToken cancellation)
    {
        if (lab is null)
        {
            await FaultAsync(host, "reset", [], cancellation);
        }
        else
        {
            _dead.Add(host.Name);
            await lab.KillHostAsync(host.Name, cancellation);
        }

        await shell.ForgetAsync(host);
    }

    /// <summary>Drops the connection to a host that is about to go away.</summary>
    public Task ForgetAsync(HostSpecification host) => shell.ForgetAsync(host);

    /// <summary>Loses a host of the lab with its disk; an empty one takes its place.</summary>
    public async Task ReplaceAsync(HostSpecification host, CancellationToken cancellation)
    {
        await Lab.ReplaceHostAsync(host.Name, cancellation);
        await shell.ForgetAsync(host);
    }

    /// <summary>Has another host hold the virtual IP than the one that does.</summary>
    public async Task MoveVipAsync(CancellationToken cancellation)
    {
        var holder = VipHolder;
        await RunAsync(holder, ["systemctl", "stop", "keepalived.service"], cancellation);
        await Task.Delay(TimeSpan.FromSeconds(4), CancellationToken.None);
        await RunAsync(holder, ["systemctl", "start", "keepalived.service"], CancellationToken.None);
    }

    /// <summary>Boots a host in order.</summary>
    public async Task RebootAsync(HostSpecification host, CancellationToken cancellation)
    {
        await FaultAsync(host, "reboot", [], cancellation);
        await shell.ForgetAsync(host);
    }

    /// <summary>Undoes everything that was broken through this scene, and waits until each host can be logged in at.</summary>
    public async Task RestoreAsync(CancellationToken cancellation)
    {
        foreach (var name in _dead)
        {
            await lab!.StartHostAsync(name, cancellation);
        }

        _dead.Clear();
        foreach (var host in _broken.Select(Host))
        {
            await RestoreAsync(host, cancellation);
        }

        _broken.Clear();
    }

    private async Task RestoreAsync(HostSpecification host, CancellationToken cancellation)
    {
        if (await Wait.UntilAsync(TryAsync, IsEmulated ? EmulatedBootLimit : BootLimit, TimeSpan.FromSeconds(1), cancellation) is { } error)
        {
            throw new CommandException(error);
        }

        async Task<string?> TryAsync()
        {
            try
            {
                await shell.RunAsync(host, [HostPaths.Tool("drill-restore")], Limit, cancellation);
                return null;
            }
            catch (CommandException error)
            {
                // It may still be booting.
                return error.Message;
            }
        }
    }

    private HostSpecification Host(string name) => Cluster.Hosts.First(host => host.Name == name);
}
