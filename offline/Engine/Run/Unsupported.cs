using PostgresHa.StandIns;
using Pulumi;

namespace PostgresHa.Offline;

/// <summary>What means something to Pulumi and what this engine does not carry out: leaving it out silently could hurt.</summary>
internal static class Unsupported
{
    /// <summary>Why a resource as it is declared cannot be applied; null when it can.</summary>
    internal static string? Find(ResourceRegistration registration) =>
        !ResourceProviders.Knows(registration) ? $"the offline engine knows no resources of type {registration.Type}; use Pulumi."
        : Option(registration.Options) is { } option ? $"the offline engine does not carry out the option {option}; use Pulumi."
        : Path(registration.Options)
        ?? (Secrecy.Unstorable(registration.Inputs) is { } input ? $"its input {input} is not a text or number that can be stored." : null);

    private static string? Option(ResourceOptions? options) => options switch
    {
        null => null,
        { DeletedWith: not null } => "deletedWith",
        { CustomTimeouts: not null } => "customTimeouts",
        CustomResourceOptions { ImportId: not null } => "import",
        { Id: not null } => "id (reading an existing resource)",
        { Urn: not null } => "urn (reading an existing resource)",
        { Version: not null } => "version",
        { PluginDownloadURL: not null } => "pluginDownloadURL",
        _ => null,
    };

    private static string? Path(ResourceOptions? options)
    {
        foreach (var path in (options?.IgnoreChanges ?? []).Concat(options?.ReplaceOnChanges ?? []))
        {
            try
            {
                PropertyPath.Parse(path);
            }
            catch (FormatException error)
            {
                return error.Message + ".";
            }
        }

        return null;
    }
}
