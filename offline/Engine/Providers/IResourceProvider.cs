using PostgresHa.StandIns;

namespace PostgresHa.Offline;

/// <summary>Makes, changes and removes resources of one type, as the real provider of that type does.</summary>
internal interface IResourceProvider
{
    /// <summary>Whether a change of this input makes a new resource instead of changing the old one.</summary>
    bool Replaces(string input);

    /// <summary>The outputs as far as they are known before anything is done.</summary>
    PropertyValue Preview(PropertyValue inputs);

    /// <summary>Makes a resource.</summary>
    Task<Made> CreateAsync(string name, PropertyValue inputs, StepContext context);

    /// <summary>Changes a resource; gives its new outputs.</summary>
    Task<PropertyValue> UpdateAsync(ResourceState old, PropertyValue inputs, StepContext context);

    /// <summary>Removes a resource.</summary>
    Task DeleteAsync(ResourceState old, StepContext context);
}

/// <summary>What a running step may use.</summary>
/// <param name="Ssh">Connections to hosts.</param>
/// <param name="OnLine">Told of each line of output.</param>
/// <param name="Kill">Ends it at once.</param>
internal sealed record StepContext(SshClient Ssh, Action<string> OnLine, CancellationToken Kill);

/// <summary>A step failed on a host.</summary>
internal sealed class StepException(string message) : Exception(message);
