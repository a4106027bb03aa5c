using System.Diagnostics;
using System.Globalization;
using PostgresHa.Components;
using PostgresHa.Lab;

namespace PostgresHa.Cli;

/// <summary><c>pgha lab up</c>: hosts, the stack on them, a first write through the virtual IP, and what all of it cost.</summary>
internal sealed class LabUp(LabContext lab)
{
    private const string Offline = "offline";
    private const string OnlyRsa = "a strict lab has a host with an RSA key only, and Pulumi's command provider asks that for a "
        + "signature by SHA-1, which OpenSSH refuses";

    // An emulated processor starts the services of a member in minutes.
    private static readonly TimeSpan MemberLimit = TimeSpan.FromMinutes(20);

    /// <summary>Brings everything up.</summary>
    /// <param name="wanted">The engine asked for; null for the default.</param>
    /// <param name="apply">Whether the stack is applied.</param>
    /// <param name="cancellation">Stops in the middle; the next call goes on.</param>
    public async Task<int> RunAsync(string? wanted, bool apply, CancellationToken cancellation)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new CommandException("The lab makes hosts and networks, which takes root: run it with sudo.");
        }

        var engine = apply ? await ChooseAsync(wanted, cancellation) : null;
        var environment = lab.Environment(new LabProgressPrinter());
        var hosts = await environment.UpAsync(cancellation);
        Print(hosts, lab.Definition.Hosts.Count);
        PrintFormer(environment.Former);
        if (engine is null)
        {
            await environment.ConvertAsync(cancellation);
            Console.WriteLine($"The hosts run; nothing was applied. Apply the stack: ./pgha up --stack {lab.Stack.Stack}");
            return 0;
        }

        Console.WriteLine();
        var areBare = !File.Exists(lab.StateFile) && !Directory.Exists(lab.PulumiBackend);
        // The moment from which "bare hosts to first write" counts: they answer, and nothing of ours is on them.
        var bare = Stopwatch.GetTimestamp();
        await File.WriteAllTextAsync(lab.EngineFile, engine + "\n", cancellation);
        var code = engine == PulumiEngine.Name
            ? await new PulumiEngine(lab).UpAsync(cancellation)
            : await RunAgainAsync(["up", "--stack", lab.Stack.Stack, "--project", lab.Stack.Project.Directory], cancellation);
        // Also after a failure: what was compiled need not be compiled again.
        var kept = environment.HarvestArtefacts();
        if (kept.Count > 0)
        {
            Console.WriteLine($"Kept for the next lab: {string.Join(", ", kept)}");
        }

        if (code != 0)
        {
            Console.Error.WriteLine(
                "pgha: the stack could not be applied, see above; the hosts run. Look at one with ./pgha lab ssh HOST, "
                + "go on with ./pgha lab up.");
            return code;
        }

        code = await FirstWriteAsync(engine, areBare, Stopwatch.GetElapsedTime(bare), cancellation);
        if (code != 0 || !environment.HasVirtualMachine)
        {
            return code;
        }

        await environment.ConvertAsync(cancellation);
        await JoinAsync(cancellation);
        return 0;
    }

    // Also what an earlier run converted may not have come so far yet.
    private async Task JoinAsync(CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        if (await Wait.UntilAsync(AskAsync, MemberLimit, TimeSpan.FromSeconds(2), cancellation) is { } last)
        {
            throw new CommandException(
                $"The cluster was not healthy {MemberLimit.TotalMinutes:0} minutes after the virtual machine let its user "
                + $"in. Its last state:\n{last}");
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"All is healthy, {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s after the virtual machine let its user in."));

        async Task<string?> AskAsync()
        {
            var (code, output, error) = await ChildProcess.AskAsync(
                NamespaceEntry.Again("status", "--stack", lab.Stack.Stack, "--project", lab.Stack.Project.Directory),
                lab.Stack.Project.Directory,
                [],
                TimeSpan.FromMinutes(2),
                cancellation);
            return code == 0 ? null : output + error;
        }
    }

    /// <summary>Says which hosts are there although the stack file does not name them, and what to do about it.</summary>
    public static void PrintFormer(IReadOnlyList<string> former)
    {
        foreach (var name in former)
        {
            Console.WriteLine(
                $"{name} is there, and the stack file does not name it: once ./pgha up has taken it out of the cluster, ./pgha lab remove "
                + $"{name}");
        }
    }

    private static void Print(LabUpResult hosts, int count)
    {
        Console.WriteLine();
        foreach (var phase in hosts.Timings)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {phase.Name,-34}{phase.Duration.TotalSeconds,7:0.0} s"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {$"{count} bare hosts",-34}{hosts.Total.TotalSeconds,7:0.0} s"));
    }

    private async Task<string> ChooseAsync(string? wanted, CancellationToken cancellation)
    {
        var present = lab.Engine;
        if (wanted is not null && present is not null && wanted != present)
        {
            throw new CommandException(
                $"The lab's stack was applied by the engine {present}, which alone knows its passwords; first ./pgha lab down, "
                + $"or use --engine {present}.");
        }

        if ((wanted ?? present) is { } given)
        {
            if (given == PulumiEngine.Name && lab.Definition.IsStrict)
            {
                throw new CommandException($"--engine pulumi: {OnlyRsa}. Use --engine offline, or a lab without --strict.");
            }

            if (given == PulumiEngine.Name && await PulumiEngine.WhyNotAsync(lab, cancellation) is { } reason)
            {
                throw new CommandException($"--engine pulumi: {reason}.");
            }

            return given;
        }

        var why = lab.Definition.IsStrict ? OnlyRsa : await PulumiEngine.WhyNotAsync(lab, cancellation);
        Console.WriteLine(why is null
            ? "Engine: pulumi (its CLI and packages are at hand)."
            : $"Engine: offline ({why}).");
        return why is null ? PulumiEngine.Name : Offline;
    }

    private async Task<int> FirstWriteAsync(string engine, bool wereBare, TimeSpan applied, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        string[] arguments = ["first-write", "--stack", lab.Stack.Stack, "--project", lab.Stack.Project.Directory];
        var code = engine == PulumiEngine.Name
            ? await RunAgainAsync(
                arguments,
                cancellation,
                (Commands.FirstWriteCommand.UriVariable, await new PulumiEngine(lab).OutputAsync("connectionUri", cancellation)))
            : await RunAgainAsync(arguments, cancellation);
        if (code != 0)
        {
            return code;
        }

        var total = applied + Stopwatch.GetElapsedTime(started);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(wereBare ? "Bare hosts" : "Hosts as they were")} to first write through the VIP: {total.TotalSeconds:0.0} s (of which "
            + $"applying the stack {applied.TotalSeconds:0.0} s)."));
        var cluster = lab.Stack.Specification;
        var stack = lab.Stack.Stack == Commands.CommonOptions.DefaultStack ? "" : $" --stack {lab.Stack.Stack}";
        Console.WriteLine($"""

            Writes   {HAProxyEndpoints.Write(cluster).Authority}   pooled {HAProxyEndpoints.PooledWrite(cluster).Authority}
            Reads    {HAProxyEndpoints.Read(cluster).Authority}   pooled {HAProxyEndpoints.PooledRead(cluster).Authority}
            Page     {HAProxyEndpoints.Statistics(cluster, cluster.Vip.Address).Url}   user {cluster.HAProxy.StatisticsUser}

              ./pgha status{stack}                            how the cluster is
              ./pgha lab ssh {cluster.Hosts[0].Name}                           a shell on a host
              ./pgha outputs{stack} applicationPassword --show-secrets | ./pgha lab ssh {cluster.Hosts[0].Name} \
                'IFS= read -r PGPASSWORD; export PGPASSWORD; {cluster.Postgres.BinDirectory}/psql -h {cluster.Vip.Address} -p {cluster.Ports.Write} -U {cluster.Postgres.Owner} -c "select version()" {cluster.Postgres.Database}'
              ./pgha lab down                            removes all of it
            """);
        return 0;
    }

    private async Task<int> RunAgainAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellation, params (string Name, string Value)[] environment) =>
        await ChildProcess.RunAsync(
            NamespaceEntry.Inside(lab.Definition.NetworkNamespace, NamespaceEntry.Again(arguments)),
            lab.Stack.Project.Directory,
            environment,
            cancellation);
}
