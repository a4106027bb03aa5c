using System.Security.Cryptography;
using System.Text;
using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Commands on hosts: <c>command:remote:Command</c>.</summary>
internal sealed class CommandProvider : IResourceProvider
{
    internal const string Type = "command:remote:Command";

    // The shell's way to do nothing; not worth a connection.
    private const string Nothing = ":";
    private const int ShownLines = 30;

    // What is removed was made there, so the host was up; as often as for one that is just being set up, it need not be tried.
    private const int DeletionTries = 3;

    private static readonly string[] SecretParts = ["password", "privateKey", "privateKeyPassword"];

    public bool Replaces(string input) => input == "triggers";

    public PropertyValue Preview(PropertyValue inputs) => WithOutputs(inputs, PropertyValue.Unknown, PropertyValue.Unknown);

    public async Task<Made> CreateAsync(string name, PropertyValue inputs, StepContext context)
    {
        var outputs = await RunAsync(inputs["create"].Text, inputs, PropertyValue.Empty, context);
        return new Made(name + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)), outputs);
    }

    public Task<PropertyValue> UpdateAsync(ResourceState old, PropertyValue inputs, StepContext context) =>
        RunAsync(inputs["update"].Text ?? inputs["create"].Text, inputs, old.Outputs, context);

    public async Task DeleteAsync(ResourceState old, StepContext context)
    {
        try
        {
            await RunAsync(old.Inputs["delete"].Text, old.Inputs, old.Outputs, context, DeletionTries);
        }
        catch (SshException error)
        {
            throw new StepException(error.Message + " If the host is gone for good, say so with --lost and its name.");
        }
    }

    /// <summary>The host a command is for; null when it is not known yet.</summary>
    internal static string? Host(PropertyValue inputs) => inputs["connection"]["host"].Text;

    /// <summary>
    /// What of the inputs must not show in output. Where a connection leads is no secret, though the connection is marked as one.
    /// </summary>
    internal static IEnumerable<string> Secrets(PropertyValue inputs) =>
        inputs.Entries.Where(entry => entry.Key != "connection").SelectMany(entry => entry.Value.SecretTexts())
            .Concat(ConnectionSecrets(inputs["connection"]))
            .Concat(ConnectionSecrets(inputs["connection"]["proxy"]));

    private static IEnumerable<string> ConnectionSecrets(PropertyValue connection) =>
        SecretParts.Select(name => connection[name].Text).OfType<string>();

    private static async Task<PropertyValue> RunAsync(
        string? command, PropertyValue inputs, PropertyValue before, StepContext context, int mostTries = int.MaxValue)
    {
        if (command is null)
        {
            return WithOutputs(inputs, before["stdout"], before["stderr"]);
        }

        if (command.Trim() == Nothing)
        {
            return WithOutputs(inputs, PropertyValue.Of(string.Empty), PropertyValue.Of(string.Empty));
        }

        var variables = inputs["environment"].Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Text ?? entry.Value.ToString());
        if (inputs["addPreviousOutputInEnv"] is { Kind: PropertyKind.Null } or { Boolean: true })
        {
            foreach (var (name, variable) in new[] { ("stdout", "PULUMI_COMMAND_STDOUT"), ("stderr", "PULUMI_COMMAND_STDERR") })
            {
                if (before[name].Text is { Length: > 0 } previous)
                {
                    variables[variable] = previous;
                }
            }
        }

        var connection = ToConnection(inputs["connection"]);
        connection = connection with { DialErrorLimit = Math.Min(connection.DialErrorLimit, mostTries) };
        var result = await context.Ssh.RunAsync(
            connection, command, inputs["stdin"].Text, variables, (line, _) => context.OnLine(line), context.Kill);
        return result.ExitCode == 0
            ? WithOutputs(inputs, PropertyValue.Of(WithoutLastNewLine(result.Stdout)), PropertyValue.Of(WithoutLastNewLine(result.Stderr)))
            : throw new StepException(Explain(connection, command, result));
    }

    private static SshConnection ToConnection(PropertyValue value) => new()
    {
        Host = value["host"].Text ?? throw new StepException("The connection has no host."),
        Port = value["port"] is { Kind: PropertyKind.Number } port ? (int)port.Number : 22,
        User = value["user"].Text ?? "root",
        HostKey = value["hostKey"].Text,
        PrivateKey = value["privateKey"].Text,
        PrivateKeyPassword = value["privateKeyPassword"].Text,
        Password = value["password"].Text,
        AgentSocketPath = value["agentSocketPath"].Text,
        DialErrorLimit = value["dialErrorLimit"] is { Kind: PropertyKind.Number } limit ? (int)limit.Number : 10,
        PerDialTimeout = value["perDialTimeout"] is { Kind: PropertyKind.Number } seconds ? (int)seconds.Number : 15,
        Proxy = value["proxy"] is { Kind: PropertyKind.Map } proxy ? ToConnection(proxy) : null,
    };

    private static PropertyValue WithOutputs(PropertyValue inputs, PropertyValue stdout, PropertyValue stderr) => PropertyValue.Of(
    [
        .. inputs.Entries, KeyValuePair.Create("stdout", stdout), KeyValuePair.Create("stderr", stderr),
    ]);

    private static string WithoutLastNewLine(string text) => text.EndsWith('\n') ? text[..^1] : text;

    private static string Explain(SshConnection connection, string command, SshResult result)
    {
        var firstLine = command.TrimStart().Split('\n')[0];
        var message = new StringBuilder($"exit code {result.ExitCode} on {connection.Host} from: {firstLine}");
        if (firstLine.Length < command.Trim().Length)
        {
            message.Append(" …");
        }

        foreach (var text in new[] { result.Stderr, result.Stdout })
        {
            var lines = text.TrimEnd().Split('\n');
            if (lines.Length > ShownLines)
            {
                message.Append($"\n… {lines.Length - ShownLines} lines before");
            }

            foreach (var line in lines.TakeLast(ShownLines).Where(line => line.Length > 0))
            {
                message.Append('\n').Append(line);
            }
        }

        return message.ToString();
    }
}
