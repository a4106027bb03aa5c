using System.Diagnostics;
using System.Globalization;
using System.Net;
using PostgresHa.Lab.Provision;

namespace PostgresHa.Lab;

/// <summary>The disposable hosts: their file systems, and starting, stopping and asking them.</summary>
internal sealed class HostMachine(LabDefinition definition, LabPaths paths, LabNetwork network, Keys keys, ControlGroups groups)
{
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    // Between two logins: failed ones make sshd shut out whoever dials, for a while and for everything.
    private static readonly TimeSpan LoginPause = TimeSpan.FromSeconds(1);

    private readonly VirtualMachine _machine = new(definition, paths);

    /// <summary>Makes the host's file system from its images if it is new, and mounts it; a virtual machine's lies on its disk.</summary>
    /// <param name="host">The host.</param>
    /// <param name="fresh">The layers that a new one is made from (<see cref="Images.Layers"/>).</param>
    /// <param name="libraries">Files by which a new host finds newer libraries (<see cref="LibraryProof.Files"/>); null for none.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task PrepareAsync(LabHost host, string fresh, string? libraries, CancellationToken cancellation)
    {
        var folder = paths.Host(host);
        var root = paths.Root(host);
        var upper = Path.Combine(folder, "upper");
        var image = Image(host);
        if (image is null)
        {
            // New, left half-made by an interrupted run, or to be replaced.
            await RemoveAsync(host, cancellation);
        }
        else if (_machine.Exists(host))
        {
            return;
        }

        foreach (var directory in (string[])[root, upper, Path.Combine(folder, "work")])
        {
            Directory.CreateDirectory(directory);
        }

        if (!Mounts.All().Any(mount => mount.Path == root))
        {
            // A host keeps the image it was made from, also when a newer one has appeared since.
            var layers = $"lowerdir={image ?? fresh},upperdir={upper},workdir={folder}/work";
            await Command.RequireAsync(
                ["mount", "-t", "overlay", paths.Machine(host), "-o", layers, root], cancellation: cancellation);
        }

        if (image is null)
        {
            await PersonaliseAsync(host, root, cancellation);
            if (libraries is not null)
            {
                await Command.RequireAsync(["cp", "-r", libraries + "/.", root], cancellation: cancellation);
            }

            await AtomicFile.WriteAsync(paths.Ready(host), $"{fresh}\n{Identity(host)}\n", cancellation);
        }
    }

    /// <summary>
    /// Refuses to take a host for another one: a host keeps the name, address, user, release and strictness it was made with.
    /// </summary>
    public void RequireSame(LabHost host)
    {
        var ready = paths.Ready(host);
        if (File.Exists(ready) && !File.Exists(paths.Doomed(host))
            && File.ReadAllLines(ready).ElementAtOrDefault(1) is { } made && made != Identity(host))
        {
            throw new LabException(
                $"{host.Name} was made as {made}, and is {Identity(host)} now. Take the lab down first (./pgha lab down), or have the host "
                + $"made anew, empty: ./pgha lab replace {host.Name}");
        }
    }

    /// <summary>Starts the host unless it runs, in a session of its own, so that it outlives this process and its terminal.</summary>
    public async Task StartAsync(LabHost host, CancellationToken cancellation)
    {
        if (State(host) is LabHostState.Running or LabHostState.Starting)
        {
            return;
        }

        ControlGroups.Create(groups.Supervisor(host));
        ControlGroups.Create(groups.Host(host));
        Directory.CreateDirectory(paths.Logs);
        var environment = new Dictionary<string, string>
        {
            ["LAB_LOG"] = paths.ConsoleLog(host),
            ["LAB_NETNS"] = definition.NetworkNamespace,
            ["LAB_BRIDGE"] = LabNetwork.Bridge,
            ["LAB_SUPERVISOR_CGROUP"] = groups.Supervisor(host),
            ["HOST_CGROUP"] = groups.Host(host),
            ["HOST_NAME"] = host.Name,
            ["HOST_MACHINE"] = paths.Machine(host),
            ["HOST_NETNS"] = paths.Machine(host),
            ["HOST_LINK"] = LabNetwork.Link(host),
            ["HOST_INTERFACE"] = host.Interface,
            ["HOST_ADDRESS"] = string.Create(CultureInfo.InvariantCulture, $"{host.Address}/{definition.Prefix}"),
            ["HOST_MAC"] = host.Mac,
            ["HOST_ROOT"] = paths.Root(host),
        };
        if (_machine.Exists(host))
        {
            await _machine.DescribeAsync(host, environment, cancellation);
        }

        var script = _machine.Exists(host) ? "vm.sh" : "host.sh";
        await Command.RequireAsync(
            ["setsid", "--fork", "bash", Path.Combine(paths.Scripts, script)], environment: environment, cancellation: cancellation);

        // The supervisor enters its control group as its first act; before that the host looks stopped.
        if (!await Wait.UntilAsync(() => State(host) is LabHostState.Running or LabHostState.Starting, StartLimit, Poll, cancellation))
        {
            throw new LabException($"{host.Name} did not start. Its console, {paths.ConsoleLog(host)}:\n{ConsoleTail(host)}");
        }
    }

    /// <summary>
    /// Turns a host that was set up in a container into the virtual machine it is to be, with all that is on it. It does not run
    /// afterwards.
    /// </summary>
    /// <returns>False when it is one already, or is to stay a container.</returns>
    public async Task<bool> ConvertAsync(LabHost host, MachineImage machineImage, CancellationToken cancellation)
    {
        if (!host.IsVirtualMachine || _machine.Exists(host))
        {
            return false;
        }

        if (groups.Init(host) is { } init)
        {
            // Its services end as they do at any shutdown. It goes down while it answers, so the answer tells nothing.
            await Guest.RunAsync(init, ["systemctl", "poweroff"], cancellation);
        }

        await Wait.UntilAsync(() => State(host) == LabHostState.Stopped, BootLimit, Poll, cancellation);
        await KillAsync(host, cancellation);
        await _machine.MakeDiskAsync(host, paths.Root(host), machineImage, cancellation);
        return true;
    }

    /// <summary>Ends the host as a power cut does: first it is off the network, so that no goodbye of its sockets gets out.</summary>
    public async Task KillAsync(LabHost host, CancellationToken cancellation)
    {
        await network.DetachAsync(host, cancellation);
        await ControlGroups.KillAsync(groups.Supervisor(host), cancellation);
        await ControlGroups.KillAsync(groups.Host(host), cancellation);

        // It may have been between two boots and have got its network back meanwhile.
        await network.DetachAsync(host, cancellation);
    }

    /// <summary>Waits until the host lets its user in; a virtual machine's clock is in step then, too.</summary>
    public async Task WaitForSshAsync(LabHost host, IReadOnlyList<string> login, CancellationToken cancellation)
    {
        var limit = _machine.Exists(host) ? VirtualMachine.BootLimit : BootLimit;
        var question = _machine.Exists(host) ? VirtualMachine.InStep : ["true"];
        var last = "it did not finish booting";
        long? tried = null;
        if (await Wait.UntilAsync(LookAsync, limit, Poll, cancellation) is not null)
        {
            var journal = await JournalAsync(host, cancellation);
            throw new LabException(string.Create(
                CultureInfo.InvariantCulture,
                $"{host.Name} did not let {definition.User} in within {limit.TotalSeconds:0} s. Last: {last}\nIts journal:\n{journal}"));
        }

        async Task<string?> LookAsync()
        {
            if (State(host) == LabHostState.Stopped)
            {
                throw new LabException($"{host.Name} has stopped. Its console, {paths.ConsoleLog(host)}:\n{ConsoleTail(host)}");
            }

            // None before it can succeed.
            if (!IsOpen(host) || (tried is { } before && Stopwatch.GetElapsedTime(before) < LoginPause))
            {
                return last;
            }

            try
            {
                var result = await Command.RunAsync([.. login, .. question], TimeSpan.FromSeconds(20), cancellation: cancellation);
                if (result.ExitCode == 0)
                {
                    return null;
                }

                last = result.Error.Length > 0 ? Command.Tail(result.Error, 2).Trim() : $"{string.Join(' ', question)} says no";
            }
            catch (LabException error) when (_machine.Exists(host))
            {
                // An emulated host takes connections long before it has the time to answer.
                last = error.Message;
            }

            tried = Stopwatch.GetTimestamp();
            return last;
        }
    }

    /// <summary>Whether the host runs, as its control groups show it.</summary>
    public LabHostState State(LabHost host) =>
        ControlGroups.IsPopulated(groups.Host(host)) ? LabHostState.Running
        : ControlGroups.IsPopulated(groups.Supervisor(host)) ? LabHostState.Starting
        : File.Exists(paths.Ready(host)) ? LabHostState.Stopped
        : LabHostState.Absent;

    /// <summary>State, systemd's own view, and uptime.</summary>
    public async Task<LabHostStatus> StatusAsync(LabHost host, IReadOnlyList<string> login, CancellationToken cancellation)
    {
        var state = State(host);
        if (_machine.Exists(host) && state == LabHostState.Running)
        {
            return await VirtualMachine.StatusAsync(host, login, cancellation);
        }

        if (state != LabHostState.Running || groups.Init(host) is not { } init)
        {
            return new LabHostStatus(host, state, null, null);
        }

        var system = await Guest.RunAsync(init, ["systemctl", "is-system-running"], cancellation);
        return new LabHostStatus(host, state, system.Output.Trim(), Guest.Uptime(init));
    }

    /// <summary>
    /// Ends the host as a power cut does, and has the next start make it anew, with another key: also when it comes after an interruption.
    /// </summary>
    public async Task DoomAsync(LabHost host, CancellationToken cancellation)
    {
        await KillAsync(host, cancellation);
        Directory.CreateDirectory(paths.Host(host));
        await AtomicFile.WriteAsync(paths.Doomed(host), "", cancellation);
        await keys.EnsureAsync(cancellation);
    }

    /// <summary>Ends the host as a power cut does, and removes its file system and what else there is of it.</summary>
    public async Task EndAsync(LabHost host, CancellationToken cancellation)
    {
        await KillAsync(host, cancellation);
        await RemoveAsync(host, cancellation);
        groups.Remove(host);
    }

    /// <summary>Unmounts and removes the host's file system.</summary>
    public async Task RemoveAsync(LabHost host, CancellationToken cancellation)
    {
        await Mounts.UnmountAsync(paths.Host(host), cancellation);
        if (Directory.Exists(paths.Host(host)))
        {
            // First of all: what an interruption leaves must not be taken for a finished host.
            File.Delete(paths.Ready(host));
            await Command.RequireAsync(
                ["rm", "-rf", "--one-file-system", paths.Host(host)], TimeSpan.FromMinutes(3), cancellation: cancellation);
        }

        var propagation = Path.Combine("/run/systemd/nspawn/propagate", paths.Machine(host));
        if (Directory.Exists(propagation))
        {
            Directory.Delete(propagation, recursive: true);
        }
    }

    /// <summary>The base image a finished host was made from; null when there is no such host.</summary>
    private string? Image(LabHost host) => File.Exists(paths.Ready(host)) && !File.Exists(paths.Doomed(host))
        ? File.ReadLines(paths.Ready(host)).FirstOrDefault()
        : null;

    private string Identity(LabHost host) => string.Create(
        CultureInfo.InvariantCulture,
        $"{definition.User}@{host.Address}/{definition.Prefix} on {host.Interface}"
        + $"{(host.Release == LabHost.DefaultRelease ? string.Empty : $", {host.Release}")}"
        + $"{(definition.IsStrict ? ", strict" : string.Empty)}"
        + $"{(host.IsVirtualMachine ? ", a virtual machine" : string.Empty)}");

    private bool IsOpen(LabHost host) => _machine.Exists(host) || (groups.Init(host) is { } init && Guest.IsOpen(init));

    private async Task PersonaliseAsync(LabHost host, string root, CancellationToken cancellation)
    {
        await AtomicFile.WriteAsync(root + "/etc/hostname", host.Name + "\n", cancellation);
        await AtomicFile.WriteAsync(root + "/etc/hosts", $"127.0.0.1 localhost\n::1 localhost\n{host.Address} {host.Name}\n", cancellation);
        await AtomicFile.WriteAsync(root + "/etc/machine-id", Guid.NewGuid().ToString("N") + "\n", cancellation);
        var key = Path.Combine(root, "etc/ssh", Path.GetFileName(keys.HostKey(host)));
        await Command.RequireAsync(["install", "-m", "0600", keys.HostKey(host), key], cancellation: cancellation);
        await Command.RequireAsync(["install", "-m", "0644", keys.HostKey(host) + ".pub", key + ".pub"], cancellation: cancellation);

        // By number: the user is the host's, not the machine's.
        var home = $"{root}/home/{definition.User}/.ssh";
        List<string> owned = ["install", "-o", BaseImage.UserId, "-g", BaseImage.UserId];
        await Command.RequireAsync([.. owned, "-d", "-m", "0700", home], cancellation: cancellation);
        await Command.RequireAsync([.. owned, "-m", "0600", paths.SshKey + ".pub", home + "/authorized_keys"], cancellation: cancellation);
    }

    private async Task<string> JournalAsync(LabHost host, CancellationToken cancellation)
    {
        if (groups.Init(host) is not { } init)
        {
            return ConsoleTail(host);
        }

        var journal = await Guest.RunAsync(init, ["journalctl", "--no-pager", "-n", "20"], cancellation);
        return journal.ExitCode == 0 ? Command.Tail(journal.Output, 20) : ConsoleTail(host);
    }

    private string ConsoleTail(LabHost host) =>
        File.Exists(paths.ConsoleLog(host)) ? Command.Tail(File.ReadAllText(paths.ConsoleLog(host)), 20) : "  (none)";
}
