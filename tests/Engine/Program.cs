using PostgresHa.Offline;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;

namespace PostgresHa.Tests.Engine;

/// <summary>Applies a stack in a process of its own, for tests that end it the hard way.</summary>
internal static class Program
{
    /// <summary>Bytes of the large file that the stack writes.</summary>
    internal const int LargeSize = 3_000_000;

    /// <summary>Links of the chain of commands.</summary>
    internal const int Links = 8;

    internal static async Task<int> Main(string[] args)
    {
        if (args is ["scale", var at, var hosts])
        {
            var exit = await UpAsync(new OfflineEngine(
                new StackSettings { Project = "postgres-ha", Stack = "test", ProjectDirectory = at, Passphrase = Harness.Passphrase },
                () => Deployment.RunAsync(() => DeclareHosts(int.Parse(hosts, System.Globalization.CultureInfo.InvariantCulture)))));
            Console.WriteLine(await File.ReadAllTextAsync("/proc/self/io"));
            return exit;
        }

        if (args is not ["up", var folder, var port])
        {
            return 0; // the test host's own call
        }

        var settings = new StackSettings
        {
            Project = "postgres-ha",
            Stack = "test",
            ProjectDirectory = folder,
            Passphrase = Harness.Passphrase,
        };
        var connection = new ConnectionArgs
        {
            Host = "127.0.0.1",
            Port = double.Parse(port, System.Globalization.CultureInfo.InvariantCulture),
            User = Environment.UserName,
            HostKey = await File.ReadAllTextAsync(Path.Combine(folder, "host.pub")),
            PrivateKey = await File.ReadAllTextAsync(Path.Combine(folder, "login")),
        };
        return await UpAsync(new OfflineEngine(settings, () => Deployment.RunAsync(() => Declare(folder, connection))));
    }

    private static async Task<int> UpAsync(OfflineEngine engine)
    {
        var recorder = new Recorder();
        var report = await engine.UpAsync(recorder);
        Console.WriteLine(string.Join('\n', [.. recorder.Messages, .. report.Results.Select(result => result.Error)]));
        Console.WriteLine($"{report.Steps.Count(step => step.IsCustom && step.Operation == StepOperation.Same)} unchanged");
        return report.Succeeded ? 0 : 1;
    }

    // Hosts that answer at once: no command is worth a connection.
    private static void DeclareHosts(int count)
    {
        var file = string.Concat(Enumerable.Range(0, 100).Select(i => $"setting_{i} = value\n"));
        for (var host = 0; host < count; host++)
        {
            var connection = new ConnectionArgs
            {
                Host = $"192.0.2.{host}",
                PrivateKey = new string('k', 400),
                HostKey = "ssh-ed25519 AAAA",
            };
            var group = new ComponentResource("postgres-ha:index:Host", $"host{host}");
            Command? before = null;
            for (var i = 0; i < 50; i++)
            {
                before = new Command(
                    $"file{i}-host{host}",
                    new CommandArgs
                    {
                        Connection = connection,
                        Create = ":",
                        Stdin = i % 5 == 0 ? Output.CreateSecret(file) : (Input<string>)file,
                        AddPreviousOutputInEnv = false,
                    },
                    new CustomResourceOptions { Parent = group, DependsOn = before is null ? [] : new InputList<Resource> { before } });
            }
        }
    }

    private static void Declare(string folder, ConnectionArgs connection)
    {
        Command? before = null;
        for (var i = 0; i < Links; i++)
        {
            before = new Command(
                $"link{i}",
                new CommandArgs
                {
                    Connection = connection,
                    Create = $"sleep 0.2; echo {i} >> {folder}/log",
                    AddPreviousOutputInEnv = false,
                },
                new CustomResourceOptions { DependsOn = before is null ? [] : new InputList<Resource> { before } });
            _ = new Command(
                $"large{i}",
                new CommandArgs
                {
                    Connection = connection,
                    Create = $"cat > {folder}/large{i}.$$ && mv {folder}/large{i}.$$ {folder}/large{i}",
                    Stdin = new string('x', LargeSize),
                    AddPreviousOutputInEnv = false,
                });
        }
    }
}
