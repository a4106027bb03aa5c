using System.Text.Json.Nodes;

namespace PostgresHa.Cli;

/// <summary>Applies the lab's stack by the Pulumi CLI, with a file backend in the lab's folder, from inside the lab's network.</summary>
internal sealed class PulumiEngine(LabContext lab)
{
    /// <summary>The engine's name, as <c>lab up --engine</c> takes it.</summary>
    public const string Name = "pulumi";

    private const string Program = "pulumi";

    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromMinutes(1);

    // The lab's network has no way out: what the CLI would fetch must be there before.
    private static readonly (string Name, string Package)[] Plugins = [("command", "Pulumi.Command"), ("random", "Pulumi.Random")];

    /// <summary>Why the Pulumi CLI cannot apply the stack here; null when it can.</summary>
    public static async Task<string?> WhyNotAsync(LabContext lab, CancellationToken cancellation)
    {
        var folder = lab.Stack.Project.Directory;
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .Any(static path => path.Length > 0 && File.Exists(Path.Combine(path, Program))))
        {
            return "the pulumi CLI is not on the path";
        }

        var project = Path.Combine(folder, "infra", "infra.csproj");
        if (!File.Exists(project))
        {
            return $"{folder} does not hold the program's sources (infra/)";
        }

        var (code, _, _) = await ChildProcess.AskAsync(
            ["dotnet", "build", project, "--nologo", "--verbosity", "quiet", "-nodeReuse:false"], folder, Variables(lab), RestoreLimit,
            cancellation);
        return code == 0 ? null : "the program does not build with Pulumi's packages here (dotnet build infra says why)";
    }

    /// <summary>Runs <c>pulumi up</c>.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> UpAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(lab.PulumiBackend);
        foreach (var (name, package) in Plugins)
        {
            var version = PackageVersions.Of(lab.Stack.Project.Directory, package);
            if (await RunAsync(inside: false, cancellation, "plugin", "install", "resource", name, version) is not 0 and var failed)
            {
                return failed;
            }
        }

        if (await RunAsync(inside: false, cancellation, "stack", "select", "--create", lab.Stack.Stack) is not 0 and var code)
        {
            return code;
        }

        // Read anew: selecting the stack has given its file a salt.
        var stack = StackContext.Load(lab.Stack.Project, lab.Stack.Stack, withoutLab: false);
        await File.WriteAllTextAsync(
            ConfigFile, StackFileText.With(stack.File, JsonNode.Parse(stack.Cluster.GetRawText())), cancellation);
        return await RunAsync(
            inside: true, cancellation, "up", "--yes", "--skip-preview", "--stack", lab.Stack.Stack, "--config-file", ConfigFile);
    }

    /// <summary>The stack's configuration with the versions that the lab serves.</summary>
    private string ConfigFile => Path.Combine(lab.Paths.Runtime, $"Pulumi.{lab.Stack.Stack}.yaml");

    /// <summary>An output of the stack, secrets included.</summary>
    /// <exception cref="CommandException">Pulumi does not say.</exception>
    public async Task<string> OutputAsync(string name, CancellationToken cancellation)
    {
        var (code, output, error) = await ChildProcess.AskAsync(
            [Program, "stack", "output", name, "--show-secrets", "--stack", lab.Stack.Stack],
            lab.Stack.Project.Directory, Variables(lab), QuestionLimit, cancellation);
        return code == 0 ? output.Trim() : throw new CommandException($"pulumi stack output {name} failed: {error.Trim()}");
    }

    private Task<int> RunAsync(bool inside, CancellationToken cancellation, params IReadOnlyList<string> arguments) =>
        ChildProcess.RunAsync(
        inside ? NamespaceEntry.Inside(lab.Definition.NetworkNamespace, [Program, .. arguments]) : [Program, .. arguments],
        lab.Stack.Project.Directory,
        Variables(lab),
        cancellation);

    private static (string Name, string Value)[] Variables(LabContext lab) =>
    [
        ("PULUMI_BACKEND_URL", "file://" + lab.PulumiBackend),
        (Passphrase.FileVariable, lab.Paths.Passphrase),
        ("PULUMI_SKIP_UPDATE_CHECK", "true"),
        ("PulumiPackages", "true"),
    ];
}
