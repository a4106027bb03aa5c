using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PostgresHa.Cli.Status;
using Spectre.Console;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha status</c>.</summary>
public static class StatusCommand
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(2);

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var json = CommonOptions.Json();
        var drift = new Option<bool>("--drift") { Description = "Also compare every managed file and service with what was written." };
        var watch = new Option<bool>("--watch", "-w") { Description = "Look again every two seconds until Ctrl+C." };
        var command = new Command("status", "Say how the cluster is. Exit code 0 only if all is healthy.") { stack, json, drift, watch };
        command.SetAction(async (result, cancellation) =>
        {
            var context = StackContext.Load(
                Project.Find(result.GetValue(CommonOptions.Project)), CommonOptions.StackName(result, stack), withoutLab: true);
            NamespaceEntry.Enter(context.Specification);
            if (context.KeysArePending)
            {
                throw new CommandException("The lab is not running; start it: ./pgha lab up");
            }

            await using var collector = new StatusCollector(context);
            var show = result.GetValue(json) ? (Action<ClusterStatus>)ShowJson : Show;
            return result.GetValue(watch)
                ? await WatchAsync(collector, result.GetValue(drift), show, cancellation)
                : await OnceAsync(collector, result.GetValue(drift), show, cancellation);
        });
        return command;
    }

    private static async Task<int> OnceAsync(
        StatusCollector collector, bool drift, Action<ClusterStatus> show, CancellationToken cancellation)
    {
        var status = await collector.CollectAsync(drift, cancellation);
        show(status);
        return status.Healthy ? 0 : 1;
    }

    private static async Task<int> WatchAsync(
        StatusCollector collector, bool drift, Action<ClusterStatus> show, CancellationToken cancellation)
    {
        var healthy = false;
        try
        {
            while (true)
            {
                var status = await collector.CollectAsync(drift, cancellation);
                healthy = status.Healthy;
                if (!Console.IsOutputRedirected)
                {
                    Terminal.Output.Clear();
                }

                show(status);
                await Task.Delay(WatchInterval, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            return healthy ? 0 : 1;
        }
    }

    private static void Show(ClusterStatus status) => StatusView.Write(Terminal.Output, status);

    private static void ShowJson(ClusterStatus status) => Console.WriteLine(JsonSerializer.Serialize(status, JsonOptions));
}
