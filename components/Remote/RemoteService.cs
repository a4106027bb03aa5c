using System.Globalization;
using Pulumi;
using Pulumi.Command.Remote;
using PostgresHa.Components.Quoting;

namespace PostgresHa.Components.Remote;

/// <summary>A systemd service on a host.</summary>
public sealed record RemoteServiceArgs
{
    /// <summary>Its unit, for instance <c>haproxy.service</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Files a change of which restarts the service. Default none.</summary>
    public IReadOnlyList<RemoteFile> RestartFiles { get; init; } = [];

    /// <summary>Files a change of which reloads the service. Default none.</summary>
    public IReadOnlyList<RemoteFile> ReloadFiles { get; init; } = [];

    /// <summary>Further texts a change of which restarts the service, for instance the installed build. Default none.</summary>
    public IReadOnlyList<Input<string>> Versions { get; init; } = [];

    /// <summary>Tool and arguments, polled until they succeed: the service is healthy.</summary>
    public required IReadOnlyList<string> Health { get; init; }

    /// <summary>How long it may take to become healthy. Default 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Tool and arguments that restart the service safely. Default <c>systemctl restart UNIT</c>.</summary>
    public IReadOnlyList<string>? Restarter { get; init; }
}

/// <summary>
/// Enables a service and starts it once; restarts or reloads it when one of its files is not the one it runs with; then waits until it is healthy
/// (tool <c>service-apply</c>). What needs a restart is decided on the host, by what the service was last started with, so that an interrupted run
/// leaves no restart forgotten.
/// </summary>
public sealed class RemoteService
{
    /// <summary>Registers the service.</summary>
    /// <param name="name">Resource name, unique in the stack, ending in the host's name.</param>
    /// <param name="host">The host.</param>
    /// <param name="args">The service.</param>
    /// <param name="parent">The component it belongs to.</param>
    /// <param name="dependsOn">What must exist before, besides the host and the service's files.</param>
    public RemoteService(string name, Host host, RemoteServiceArgs args, Resource parent, params Resource[] dependsOn)
    {
        List<string> words = [args.Unit, ((int)args.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)];
        words.AddRange(args.RestartFiles.SelectMany(static file => new[] { "--restart", file.Path }));
        words.AddRange(args.ReloadFiles.SelectMany(static file => new[] { "--reload", file.Path }));
        if (args.Restarter is { } restarter)
        {
            words.AddRange(["--restarter", ToolLine(restarter)]);
        }

        words.AddRange(["--health", ToolLine(args.Health)]);

        var files = args.RestartFiles.Concat(args.ReloadFiles).ToList();
        // The fingerprints make the engine run the tool again when a file has changed; the versions are read by the tool itself.
        var lines = files.Select(file => file.Fingerprint.Apply(print => $"file {print} {file.Path}"))
            .Concat(args.Versions.Select(static version => version.Apply(text => $"version {Fingerprints.Of(text)}")));
        Resource = new Command(
            name,
            new CommandArgs
            {
                Connection = host.Connection,
                Create = host.ToolCommand("service-apply", words),
                Delete = host.ToolCommand("service-remove", [args.Unit], withGeneration: false),
                Stdin = Output.All(lines).Apply(static all => string.Concat(all.Select(static line => line + "\n"))),
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions
            {
                Parent = parent,
                DependsOn = host.After([.. files.Select(static file => file.Resource), .. dependsOn]),
            });
    }

    /// <summary>The underlying resource: whoever depends on it waits until the service is healthy.</summary>
    public Resource Resource { get; }

    private static string ToolLine(IReadOnlyList<string> words) => Shell.Join([HostPaths.Tool(words[0]), .. words.Skip(1)]);
}
