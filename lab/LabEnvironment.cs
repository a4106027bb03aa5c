using PostgresHa.Lab.Provision;
using PostgresHa.Lab.Repository;

namespace PostgresHa.Lab;

/// <summary>
/// Disposable hosts on one Linux machine: systemd containers on a bridge in a network namespace of their own, with a package repository
/// and no way out. Every operation can be repeated and may be interrupted anywhere.
/// </summary>
public sealed class LabEnvironment
{
    private readonly LabDefinition _definition;
    private readonly IProgress<LabProgress>? _progress;
    private readonly LabNetwork _network;
    private readonly Keys _keys;

    /// <summary>The lab that a definition describes. Touches nothing yet.</summary>
    /// <param name="definition">What to build.</param>
    /// <param name="progress">Told what happens, as it happens, from any thread.</param>
    /// <exception cref="LabException">The definition is wrong; the message lists every error.</exception>
    public LabEnvironment(LabDefinition definition, IProgress<LabProgress>? progress = null)
    {
        var errors = definition.Validate();
        if (errors.Count > 0)
        {
            throw new LabException("the lab's definition is wrong:\n" + string.Join('\n', errors.Select(error => "  " + error)));
        }

        _definition = definition;
        _progress = progress;
        Paths = new LabPaths(definition);
        _network = new LabNetwork(_definition, Paths);
        _keys = new Keys(_definition, Paths);
    }

    /// <summary>Where the lab keeps its files.</summary>
    public LabPaths Paths { get; }

    /// <summary>Whether any of its hosts is a virtual machine.</summary>
    public bool HasVirtualMachine => _definition.Hosts.Any(host => host.IsVirtualMachine);

    /// <summary>
    /// Brings everything up until each host lets its user in. Hosts that run are left alone; what is cached is not made again. Installs
    /// missing programs on this machine. Needs root.
    /// </summary>
    /// <returns>The time each phase took.</returns>
    /// <exception cref="LabException">It could not be done; the message says why, with the end of the log that matters.</exception>
    public async Task<LabUpResult> UpAsync(CancellationToken cancellation = default)
    {
        var watch = new Phases(_progress);
        await watch.RunAsync("prerequisites", () => Prerequisites.EnsureAsync(_definition, watch.Say, cancellation));
        using var only = LabLock.Take(Paths.Lock);
        LabLock.Claim(Paths, _definition);
        var groups = new ControlGroups(_definition.NetworkNamespace);
        var repository = new RepositoryService(_definition, Paths, groups);
        var sandbox = new Sandbox(_network);
        var supplies = new Supplies(
            _definition, Paths, sandbox, repository, new Images(_definition, Paths),
            new LibraryProof(_definition, Paths, sandbox, repository));

        var machine = new HostMachine(_definition, Paths, _network, _keys, groups);
        foreach (var host in _definition.Hosts)
        {
            machine.RequireSame(host);
        }

        FormerHosts.RequireFree(_definition, Paths);

        await watch.RunAsync("keys and network", async () =>
        {
            await Scripts.UnpackAsync(Paths.Scripts, cancellation);
            await _keys.EnsureAsync(cancellation);
            await _network.EnsureAsync(cancellation);
        });
        await watch.RunAsync("base image, sources, wheels", async () =>
            await (await supplies.EnsureAsync(watch.Say, cancellation)).WriteAsync(Paths.Versions, cancellation));
        // Not before: what cannot be had is not asked for again by the next command.
        await LabChoices.Of(_definition).WriteAsync(Paths.Choices, cancellation);
        await watch.RunAsync("hosts", () => Task.WhenAll(
            _definition.Hosts.Select(host => BringUpAsync(machine, host, watch, cancellation)).Append(repository.WaitAsync(cancellation))));
        return watch.Result();
    }

    /// <summary>
    /// Has each host that is to be a virtual machine become one, with all that is on it by now, and waits until it lets its user in. A host
    /// is a container until then: on an emulated processor, installing the cluster would take the better part of an hour.
    /// </summary>
    public async Task ConvertAsync(CancellationToken cancellation = default)
    {
        RequireUp();
        using var only = LabLock.Take(Paths.Lock);
        var watch = new Phases(_progress);
        var machine = Machine();
        var images = new Images(_definition, Paths);
        foreach (var host in _definition.Hosts)
        {
            if (await machine.ConvertAsync(host, images.Machine(host), cancellation))
            {
                watch.Say("has a disk of its own", host.Name);
                await machine.StartAsync(host, cancellation);
                watch.Say($"boots as a virtual machine, by {VirtualMachine.Accelerator(Paths, host)}", host.Name);
                await machine.WaitForSshAsync(host, _network.Inside(SshArguments(host.Name)), cancellation);
                watch.Say("answers", host.Name);
            }
        }
    }

    /// <summary>
    /// Removes everything: processes, control groups, mounts, namespaces, files. Also what a crash left. The cache of packages and
    /// artefacts stays, which belongs to no lab.
    /// </summary>
    /// <param name="keepKeys">Keep <c>.lab/ssh</c> and <c>.lab/passphrase</c> for the next lab. Default false.</param>
    /// <param name="cancellation">Stops in the middle; the next call goes on.</param>
    public async Task DownAsync(bool keepKeys = false, CancellationToken cancellation = default)
    {
        RequireRoot();
        var watch = new Phases(_progress);
        using (LabLock.Take(Paths.Lock))
        {
            LabLock.Claim(Paths, _definition);
            var groups = new ControlGroups(_definition.NetworkNamespace);
            watch.Say("ending all processes");
            await groups.RemoveAsync(cancellation);
            await Supplies.AbandonAsync(Paths, new Sandbox(_network), cancellation);
            await _network.RemoveAsync(cancellation);
            watch.Say("removing the hosts");
            var machine = new HostMachine(_definition, Paths, _network, _keys, groups);
            foreach (var host in AllHosts)
            {
                await machine.RemoveAsync(host, cancellation);
            }

            await RemoveRuntimeAsync(keepKeys, cancellation);
            File.Delete(Paths.Owner);
        }

        File.Delete(Paths.Lock);
        watch.Say("down");
    }

    /// <summary>What runs, host by host. Changes nothing.</summary>
    public async Task<LabStatus> StatusAsync(CancellationToken cancellation = default)
    {
        RequireRoot();
        var groups = new ControlGroups(_definition.NetworkNamespace);
        var machine = new HostMachine(_definition, Paths, _network, _keys, groups);
        var serving = new RepositoryService(_definition, Paths, groups).AnswersAsync(cancellation);
        var hosts = await Task.WhenAll(AllHosts.Select(
            host => machine.StatusAsync(host, _network.Inside(SshArguments(host.Name)), cancellation)));
        var wanted = hosts.Take(_definition.Hosts.Count);
        return new LabStatus(await serving && wanted.All(host => host.State == LabHostState.Running), await serving, hosts);
    }

    /// <summary>Whether this very process is inside the lab's network, where its addresses are the lab's and nobody else's.</summary>
    public Task<bool> IsInsideAsync(CancellationToken cancellation = default) => _network.IsInsideAsync(cancellation);

    /// <summary>The command that runs another one inside the lab's network.</summary>
    public IReadOnlyList<string> InsideArguments(IReadOnlyList<string> command) => _network.Inside(command);

    /// <summary>The ssh command for a host, to which a remote command may be appended. It works inside the lab's network only.</summary>
    public IReadOnlyList<string> SshArguments(string host) =>
    [
        "ssh", "-F", "none", "-i", Paths.SshKey, "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=yes",
        "-o", "UserKnownHostsFile=" + Paths.KnownHosts, "-o", "GlobalKnownHostsFile=none", "-o", "ConnectTimeout=5", "-o", "LogLevel=ERROR",

        // A host that reboots says no goodbye once its link is gone.
        "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=3",
        $"{_definition.User}@{Find(host).Address}",
    ];

    /// <summary>Runs a command inside the lab's network on this terminal, or a shell if there is none.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> ExecAsync(IReadOnlyList<string> command, CancellationToken cancellation = default)
    {
        RequireUp();
        return Command.RunInteractiveAsync(
            _network.Inside(command.Count > 0 ? command : [Environment.GetEnvironmentVariable("SHELL") ?? "/bin/sh"]), cancellation);
    }

    /// <summary>Logs in at a host on this terminal, or runs a command there.</summary>
    /// <param name="host">Its name.</param>
    /// <param name="command">Words of the command, passed on as ssh does; empty for a shell.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The command's exit code, 255 when the connection failed.</returns>
    public Task<int> SshAsync(string host, IReadOnlyList<string> command, CancellationToken cancellation = default) =>
        ExecAsync([.. SshArguments(host), .. command], cancellation);

    /// <summary>Ends a host without notice, as a power cut does. Nothing of it is reachable when this returns.</summary>
    public async Task KillHostAsync(string host, CancellationToken cancellation = default)
    {
        RequireUp();
        await Machine().KillAsync(Find(host), cancellation);
    }

    /// <summary>Starts a host that was killed or powered off, with the disk it had, and waits until it lets its user in.</summary>
    public async Task StartHostAsync(string host, CancellationToken cancellation = default)
    {
        RequireUp();
        var machine = Machine();
        await StartAsync(machine, Named(host), cancellation);
        await machine.WaitForSshAsync(Named(host), _network.Inside(SshArguments(host)), cancellation);
    }

    /// <summary>
    /// Ends a host without notice, takes its disk away, and starts an empty one under the same name and address, with another host key;
    /// waits until that lets its user in. One that is not there yet is made. It looks at no mirror: the host's release must be one that the
    /// lab has had a host of. Interrupted, it is done to the end by the next call, or by <see cref="UpAsync"/>.
    /// </summary>
    public async Task ReplaceHostAsync(string host, CancellationToken cancellation = default)
    {
        RequireUp();
        var watch = new Phases(_progress);
        using (LabLock.Take(Paths.Lock))
        {
            LabLock.Claim(Paths, _definition);
            FormerHosts.RequireFree(_definition, Paths);
            var machine = Machine();
            await machine.DoomAsync(Named(host), cancellation);
            watch.Say("is gone, with its disk", host);
            await StartAsync(machine, Named(host), cancellation);
            watch.Say("boots, empty", host);
        }

        await Machine().WaitForSshAsync(Named(host), _network.Inside(SshArguments(host)), cancellation);
        watch.Say("answers", host);
    }

    /// <summary>Ends and removes a host that the definition does not name any more, with all that is on it.</summary>
    public async Task RemoveHostAsync(string host, CancellationToken cancellation = default)
    {
        RequireRoot();
        using var only = LabLock.Take(Paths.Lock);
        LabLock.Claim(Paths, _definition);
        if (_definition.Hosts.Any(one => one.Name == host))
        {
            throw new LabException(
                $"{host} is a host of the stack. Take it out of the stack file's hosts and apply that (./pgha up) before it is removed");
        }

        var former = Find(host);
        await Machine().EndAsync(former, cancellation);
        _keys.Forget(former);
        await _keys.EnsureAsync(cancellation);
    }

    /// <summary>Names of the hosts that are there although the definition does not name them.</summary>
    public IReadOnlyList<string> Former => [.. FormerHosts.Of(_definition, Paths).Select(static host => host.Name)];

    /// <summary>
    /// Keeps what was built on the hosts (<c>/var/cache/postgres-ha/*.tar.gz</c> with their <c>.sha256</c>) for the next lab, which is
    /// offered it under <c>/artefacts/</c>. What is kept already is left as it is.
    /// </summary>
    /// <returns>Names of the files that were new.</returns>
    public IReadOnlyList<string> HarvestArtefacts() => Artefacts.Harvest(_definition.Hosts.Select(Paths.Root), Paths.Artefacts);

    private async Task StartAsync(HostMachine machine, LabHost host, CancellationToken cancellation)
    {
        var images = new Images(_definition, Paths);
        await machine.PrepareAsync(
            host, images.Layers(host), LibraryProof.Files(_definition, Paths, images.Base(host), LabVersions.Read(Paths.Versions)),
            cancellation);
        await machine.StartAsync(host, cancellation);
    }

    private async Task BringUpAsync(HostMachine machine, LabHost host, Phases watch, CancellationToken cancellation)
    {
        if (machine.State(host) != LabHostState.Running)
        {
            await StartAsync(machine, host, cancellation);
            watch.Say("boots", host.Name);
        }

        await machine.WaitForSshAsync(host, _network.Inside(SshArguments(host.Name)), cancellation);
        watch.Say("answers", host.Name);
    }

    private async Task RemoveRuntimeAsync(bool keepKeys, CancellationToken cancellation)
    {
        await Mounts.UnmountAsync(Paths.Runtime, cancellation);
        if (!Directory.Exists(Paths.Runtime))
        {
            return;
        }

        string[] kept = keepKeys ? [Path.GetDirectoryName(Paths.SshKey)!, Paths.Passphrase] : [];
        foreach (var entry in Directory.GetFileSystemEntries(Paths.Runtime).Except(kept))
        {
            await Command.RequireAsync(["rm", "-rf", "--one-file-system", entry], TimeSpan.FromMinutes(3), cancellation: cancellation);
        }

        if (!Directory.EnumerateFileSystemEntries(Paths.Runtime).Any())
        {
            Directory.Delete(Paths.Runtime);
        }
    }

    private HostMachine Machine() => new(_definition, Paths, _network, _keys, new ControlGroups(_definition.NetworkNamespace));

    private IReadOnlyList<LabHost> AllHosts => [.. _definition.Hosts, .. FormerHosts.Of(_definition, Paths)];

    private LabHost Find(string name) => Find(name, AllHosts);

    // One that can be made: the definition says what it is.
    private LabHost Named(string name) => Find(name, _definition.Hosts);

    private static LabHost Find(string name, IReadOnlyList<LabHost> hosts) => hosts.FirstOrDefault(host => host.Name == name)
        ?? throw new LabException($"the lab has no host '{name}'. It has: {string.Join(", ", hosts.Select(host => host.Name))}");

    private void RequireUp()
    {
        RequireRoot();
        if (!File.Exists(Paths.NamespaceFile))
        {
            throw new LabException("the lab is down. Run: ./pgha lab up");
        }
    }

    private static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new LabException("the lab belongs to root: run it with sudo");
        }
    }
}
