using Pulumi.Command.Remote.Inputs;

namespace Pulumi.Command.Remote;

public class Command : CustomResource
{
    public Command(string name, CommandArgs args, CustomResourceOptions? options = null)
        : base("command:remote:Command", name, args ?? new CommandArgs(), CustomResourceOptions.Merge(
            new CustomResourceOptions { AdditionalSecretOutputs = { "connection" }, ReplaceOnChanges = { "triggers[*]" } },
            options))
    {
    }

    [Output("stderr")]
    public Output<string> Stderr { get; private set; } = null!;

    [Output("stdout")]
    public Output<string> Stdout { get; private set; } = null!;
}

public sealed class CommandArgs : ResourceArgs
{
    private Input<ConnectionArgs>? _connection;

    // The field, not the property: reading that makes an empty one, which is not the same as none.
    [Input("environment")]
    private InputMap<string>? _environment;

    [Input("triggers")]
    private InputList<object>? _triggers;

    [Input("addPreviousOutputInEnv")]
    public Input<bool>? AddPreviousOutputInEnv { get; set; }

    [Input("connection", required: true)]
    public Input<ConnectionArgs>? Connection
    {
        get => _connection;
        set => _connection = Secrets.Of(value);
    }

    [Input("create")]
    public Input<string>? Create { get; set; }

    [Input("delete")]
    public Input<string>? Delete { get; set; }

    public InputMap<string> Environment
    {
        get => _environment ??= [];
        set => _environment = value;
    }

    [Input("logging")]
    public Input<Logging>? Logging { get; set; }

    [Input("stdin")]
    public Input<string>? Stdin { get; set; }

    public InputList<object> Triggers
    {
        get => _triggers ??= [];
        set => _triggers = value;
    }

    [Input("update")]
    public Input<string>? Update { get; set; }
}

[EnumType]
public readonly struct Logging
{
    private readonly string _value;

    private Logging(string value) => _value = value;

    public static Logging None { get; } = new("none");

    public override string ToString() => _value;
}
