using PostgresHa.Components.Remote;
using PostgresHa.Offline;
using PostgresHa.StandIns;

namespace PostgresHa.Cli.Rendering;

/// <summary>A file as it would reach a host.</summary>
/// <param name="Host">Name of the host.</param>
/// <param name="Path">Its absolute path there.</param>
/// <param name="Content">Its content, with stand-ins for the passwords.</param>
public sealed record RenderedFile(string Host, string Path, string Content);

/// <summary>Runs the program without state and collects the files it would write.</summary>
public static class FileRenderer
{
    private const string HostNames = "/etc/hosts";

    /// <summary>All files of all hosts, by host and path.</summary>
    /// <exception cref="CommandException">The program failed.</exception>
    public static async Task<IReadOnlyList<RenderedFile>> RenderAsync(StackContext context, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(context);
        var hosts = context.Specification.Hosts.ToDictionary(static host => host.Address, static host => host.Name, StringComparer.Ordinal);
        var observer = new ErrorCollector();
        var report = await StackEngine.WithoutState(context).PreviewAsync(observer, cancellation);
        if (!report.Succeeded)
        {
            throw new CommandException(observer.Errors.Count > 0 ? string.Join('\n', observer.Errors) : "The program failed.");
        }

        return
        [
            .. report.Steps.Where(static step => step is { IsCustom: true, Host: not null })
                .SelectMany(step => Files(hosts[step.Host!], step))
                .OrderBy(static file => file.Host, StringComparer.Ordinal)
                .ThenBy(static file => file.Path, StringComparer.Ordinal),
        ];
    }

    private static IEnumerable<RenderedFile> Files(string host, Step step)
    {
        if (Input(step, "create")?.Text is not { } command || Input(step, "stdin") is not { } stdin)
        {
            return [];
        }

        var content = stdin.Text ?? "[known only once it is applied]\n";
        var words = ShellWords.Split(command);
        var tool = words.FindIndex(static word => word.StartsWith(HostPaths.Tools + "/", StringComparison.Ordinal));
        if (tool < 0)
        {
            return content.StartsWith(ToolBundle.Mark, StringComparison.Ordinal) ? Tools(host, content) : [];
        }

        return words[tool][(HostPaths.Tools.Length + 1)..] switch
        {
            "file-write" => [new RenderedFile(host, words[tool + 1], content)],
            // Only our lines: the rest of the file is the host's own.
            "hosts-ensure" => [new RenderedFile(host, HostNames, content)],
            _ => [],
        };
    }

    private static IEnumerable<RenderedFile> Tools(string host, string bundle) =>
        bundle.Split(ToolBundle.Mark, StringSplitOptions.RemoveEmptyEntries).Select(tool =>
        {
            var end = tool.IndexOf('\n', StringComparison.Ordinal);
            return new RenderedFile(host, HostPaths.Tool(tool[..end]), tool[(end + 1)..]);
        });

    private static PropertyValue? Input(Step step, string name) => step.Changes.FirstOrDefault(change => change.Name == name)?.New;

    private sealed class ErrorCollector : IRunObserver
    {
        private readonly Lock _only = new();
        private readonly List<string> _errors = [];

        public List<string> Errors => _errors;

        public void OnStarted(Step step, TimeSpan at)
        {
        }

        public void OnOutput(Step step, string line)
        {
        }

        public void OnEnded(StepResult result)
        {
            if (result.Error is { } error)
            {
                Add(error);
            }
        }

        public void OnMessage(MessageSeverity severity, string message)
        {
            if (severity == MessageSeverity.Error)
            {
                Add(message);
            }
        }

        private void Add(string error)
        {
            lock (_only)
            {
                _errors.Add(error);
            }
        }
    }
}
