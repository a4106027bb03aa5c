using System.Collections.Immutable;

namespace Pulumi;

public class Stack : ComponentResource
{
    internal const string RootType = "pulumi:pulumi:Stack";

    public Stack(StackOptions? options = null)
        : base(
            RootType,
            Deployment.Instance.ProjectName + "-" + Deployment.Instance.StackName,
            options is null ? null : new ComponentResourceOptions { ResourceTransformations = options.ResourceTransformations }) =>
        Deployment.Required.Stack = this;

    internal Stack(Func<Task<IDictionary<string, object?>>> program, StackOptions? options)
        : this(options)
    {
        StackOutputs = Output.Create(RunAsync(program));
        RegisterOutputs(StackOutputs);
    }

    internal Output<IDictionary<string, object?>> StackOutputs { get; private set; } =
        Output.Create<IDictionary<string, object?>>(ImmutableDictionary<string, object?>.Empty);

    internal void RegisterPropertyOutputs()
    {
        var outputs = new Dictionary<string, object?>();
        foreach (var (name, property) in OutputSlots.PropertiesOf(GetType()))
        {
            if (property.Name != nameof(Urn))
            {
                outputs.Add(name, property.GetValue(this));
            }
        }

        Refuse(outputs.Where(output => output.Value is null),
            "have no value assigned. [Output] attributed properties must be assigned inside Stack constructor.");
        Refuse(outputs.Where(output => output.Value is not IOutput),
            "have incorrect type. [Output] attributed properties must be instances of Output<T>.");
        StackOutputs = Output.Create<IDictionary<string, object?>>(outputs);
        RegisterOutputs(StackOutputs);
    }

    private static void Refuse(IEnumerable<KeyValuePair<string, object?>> outputs, string why)
    {
        var names = string.Join(", ", outputs.Select(output => output.Key));
        if (names.Length > 0)
        {
            throw new RunException($"Output(s) '{names}' {why}");
        }
    }

    // As the real one: the function runs up to its first await before the stack's constructor returns.
    private static async Task<IDictionary<string, object?>> RunAsync(Func<Task<IDictionary<string, object?>>> program) =>
        (await program()).ToImmutableDictionary();
}
