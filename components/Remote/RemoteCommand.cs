using Pulumi;
using Pulumi.Command.Remote;

namespace PostgresHa.Components.Remote;

/// <summary>A tool run on a host.</summary>
public sealed record RemoteCommandArgs
{
    /// <summary>Name of the tool: a script of templates/ without its ending.</summary>
    public required string Tool { get; init; }

    /// <summary>Its arguments, quoted here. Never a secret: a failing command's error shows them.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Its standard input: secrets or data. A changed one runs the tool again. Default none.</summary>
    public Input<string>? Stdin { get; init; }

    /// <summary>Tool to run when the resource is removed. Default none.</summary>
    public string? DeleteTool { get; init; }

    /// <summary>Arguments of <see cref="DeleteTool"/>.</summary>
    public IReadOnlyList<string> DeleteArguments { get; init; } = [];

    /// <summary>Whether a changed input runs the tool again. Default true.</summary>
    public bool RunOnUpdate { get; init; } = true;

    /// <summary>Whether the output may carry a secret: it is then neither logged nor stored in plain text. Default false.</summary>
    public bool SecretOutput { get; init; }
}

/// <summary>Runs a tool on a host. Tools are idempotent, so running one again is always safe.</summary>
public sealed class RemoteCommand
{
    /// <summary>Registers the command.</summary>
    /// <param name="name">Resource name, unique in the stack, ending in the host's name.</param>
    /// <param name="host">The host.</param>
    /// <param name="args">What is run.</param>
    /// <param name="parent">The component it belongs to.</param>
    /// <param name="dependsOn">What must exist before, besides the host itself.</param>
    public RemoteCommand(string name, Host host, RemoteCommandArgs args, Resource parent, params Resource[] dependsOn)
    {
        var command = new Command(
            name,
            new CommandArgs
            {
                Connection = host.Connection,
                Create = host.ToolCommand(args.Tool, args.Arguments),
                // `:` does nothing and succeeds; left out, Update would run Create.
                Update = args.RunOnUpdate ? (Input<string>?)null : ":",
                Delete = args.DeleteTool is { } tool
                    ? host.ToolCommand(tool, args.DeleteArguments, withGeneration: false)
                    : (Input<string>?)null,
                Stdin = args.Stdin,
                Logging = args.SecretOutput ? Logging.None : (Input<Logging>?)null,
                AddPreviousOutputInEnv = false,
            },
            new CustomResourceOptions
            {
                Parent = parent,
                DependsOn = host.After(dependsOn),
                AdditionalSecretOutputs = args.SecretOutput ? ["stdout", "stderr"] : [],
            });
        Resource = command;
        Stdout = command.Stdout;
    }

    /// <summary>The underlying resource, for others to depend on.</summary>
    public Resource Resource { get; }

    /// <summary>What the tool printed at its last run.</summary>
    public Output<string> Stdout { get; }
}
