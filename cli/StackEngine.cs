using PostgresHa.Infra;
using PostgresHa.Offline;
using PostgresHa.Specification;

namespace PostgresHa.Cli;

/// <summary>The offline engine for a stack.</summary>
internal static class StackEngine
{
    /// <summary>The engine that previews and applies a stack.</summary>
    public static OfflineEngine For(StackContext context)
    {
        RefuseForeignState(context);
        var configuration = Configuration(context.File.Config.ToDictionary(
            static pair => pair.Key,
            static pair => new ConfigurationValue
            {
                Text = pair.Value.Secure is null ? pair.Value.Text ?? pair.Value.Structure?.GetRawText() ?? "" : null,
                Secure = pair.Value.Secure,
                IsSecret = pair.Value.Secure is not null,
            },
            StringComparer.Ordinal), context);
        // The program looks for the project above the current folder, as it does when Pulumi runs it.
        Environment.CurrentDirectory = context.Project.Directory;
        return new OfflineEngine(
            Settings(context) with
            {
                Configuration = configuration,
                Passphrase = context.IsLab ? Passphrase.OfLab(LabContext.Of(context).Paths.Passphrase) : null,
            },
            () => ClusterStack.RunAsync(context.Result));
    }

    /// <summary>What the state knows that the cluster may not change; null where the stack was not applied by this engine yet.</summary>
    /// <exception cref="EngineException">The state cannot be read, or is another stack's.</exception>
    public static IReadOnlyDictionary<string, string>? Identity(StackContext context) =>
        OfflineEngine.PlainOutput(Settings(context), "identity");

    private static ConfigurationValue StandIn(string name) => new() { Text = $"SECRET-{name}", IsSecret = true };

    private static Dictionary<string, ConfigurationValue> Configuration(Dictionary<string, ConfigurationValue> values, StackContext context)
    {
        values[context.File.Project + ":cluster"] = new ConfigurationValue { Text = context.Cluster.GetRawText() };
        if (context.KeysArePending)
        {
            values[context.File.Project + ":sshPrivateKey"] = StandIn("sshPrivateKey");
        }

        return values;
    }

    private static StackSettings Settings(StackContext context) => new()
    {
        Project = context.File.Project,
        Stack = context.Stack,
        ProjectDirectory = context.Project.Directory,
        EncryptionSalt = context.File.EncryptionSalt,
        StateFile = context.IsLab ? LabContext.Of(context).StateFile : null,
    };

    // Two engines would each make passwords of their own for the same hosts.
    private static void RefuseForeignState(StackContext context)
    {
        if (context.IsLab && LabContext.Of(context) is var lab && lab.Engine == PulumiEngine.Name)
        {
            throw new CommandException(
                $"The lab's stack was applied by Pulumi, which has its state; use ./pgha lab up --stack {context.Stack}, which goes on "
                + "with Pulumi, or begin anew: ./pgha lab down.");
        }
    }
}
