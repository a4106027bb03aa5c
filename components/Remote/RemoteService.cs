using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Templating;
using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Components.Remote;

/// <summary>
/// Enables a service and starts it once; restarts or reloads it when one of its files is not the one it runs with; then waits until it is
/// healthy (tool <c>service-apply</c>). What needs a restart is decided on the host, by what the service was last started with, so that an
/// interrupted run leaves no restart forgotten.
/// </summary>
public sealed class RemoteService
{
    /// <summary>Registers the service.</summary>
    /// <param name="declaration">The service; its first unit on the host is meant, and its files.</param>
    /// <param name="host">The host.</param>
    /// <param name="files">Its files, registered.</param>
    /// <param name="parent">The component it belongs to.</param>
    /// <param name="installed">Further texts a change of which restarts the service, for instance the installed build.</param>
    /// <param name="dependsOn">What must exist before, besides the host and the service's files.</param>
    public RemoteService(
        ServiceDeclaration declaration,
        Host host,
        RemoteFiles files,
        Resource parent,
        IReadOnlyList<Input<string>> installed,
        params IReadOnlyList<Resource> dependsOn)
    {
        var unit = declaration.Units(host.Cluster, host.Specification).First(static unit => !unit.IsForeign);
        RemoteFile[] restarting = [.. files.All.Where(static file => file.File.OnChange == FileEffect.Restart)];
        RemoteFile[] reloading = [.. files.All.Where(static file => file.File.OnChange == FileEffect.Reload)];
        List<string> words = [unit.Name, ((int)unit.Timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)];
        words.AddRange(restarting.SelectMany(static file => new[] { "--restart", file.File.Path }));
        words.AddRange(reloading.SelectMany(static file => new[] { "--reload", file.File.Path }));
        if (unit.Restarter is { } restarter)
        {
            words.AddRange(["--restarter", ToolLine(restarter)]);
        }

        words.AddRange(["--health", ToolLine(unit.Health)]);

        // The fingerprints make the engine run the tool again when a file has changed; the versions are read by the tool itself.
        var lines = restarting.Concat(reloading).Select(file => file.Fingerprint.Apply(print => $"file {print} {file.File.Path}"))
            .Concat(
                unit.Versions.Select(static version => (Input<string>)version).Concat(installed)
                    .Select(static version => version.Apply(text => $"version {Fingerprints.Of(text)}")));
        Resource = new Command(
            $"{declaration.Name}-service-{host.HostName}",
            new CommandArgs
            {
                Connection = host.Connection,
                Create = host.ToolCommand("service-apply", words),
                Delete = host.ToolCommand("service-remove", [unit.Name], withGeneration: false),
                Stdin = Output.All(lines.Select(static line => (Input<string>)line))
                    .Apply(static all => string.Concat(all.Select(static line => line + "\n"))),
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions
            {
                Parent = parent,
                DependsOn = host.After([.. restarting.Concat(reloading).Select(static file => file.Resource), .. dependsOn]),
            });
    }

    /// <summary>The underlying resource: whoever depends on it waits until the service is healthy.</summary>
    public Resource Resource { get; }

    private static string ToolLine(IReadOnlyList<string> words) =>
        Shell.Join([words[0].StartsWith('/') ? words[0] : HostPaths.Tool(words[0]), .. words.Skip(1)]);
}
