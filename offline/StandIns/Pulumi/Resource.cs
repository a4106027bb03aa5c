using System.Collections.Immutable;
using PostgresHa.StandIns;

namespace Pulumi;

public class Resource
{
    private readonly string _type;
    private readonly string _name;
    private readonly ImmutableArray<ResourceTransformation> _transformations;

    private protected Resource(string type, string name, bool custom, ResourceArgs args, ResourceOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var deployment = Deployment.Required;
        _type = type;
        _name = name;
        Sequence = deployment.NextSequence();
        Outputs = OutputSlots.Create(this);
        var parent = type == Stack.RootType ? null : options.Parent ?? deployment.Stack;

        // Those stated for the resource itself come first, then its parent's, which hold all ancestors' already.
        _transformations = [.. options.ResourceTransformations, .. parent?._transformations ?? []];
        foreach (var transformation in _transformations)
        {
            if (transformation(new ResourceTransformationArgs(this, args, options)) is not { } result)
            {
                continue;
            }

            if (result.Options.Parent != options.Parent)
            {
                throw new ArgumentException("Transformations cannot currently be used to change the 'parent' of a resource.");
            }

            (args, options) = (result.Args, result.Options);
        }

        options = options.Clone();
        if (options.Parent is not null)
        {
            lock (options.Parent.Children)
            {
                options.Parent.Children.Add(this);
            }

            options.Protect ??= options.Parent.IsProtected;
            options.RetainOnDelete ??= options.Parent.IsRetained;
        }

        (IsProtected, IsRetained) = (options.Protect, options.RetainOnDelete);
        ParentResource = parent;
        deployment.Register(this, custom, args, options);
    }

    [Output("urn")]
    public Output<string> Urn { get; private protected set; } = null!;

    internal int Sequence { get; }

    internal OutputSlots Outputs { get; }

    internal HashSet<Resource> Children { get; } = [];

    internal bool? IsProtected { get; }

    internal bool? IsRetained { get; }

    internal Resource? ParentResource { get; }

    public string GetResourceType() => _type;

    public string GetResourceName() => _name;
}

public class CustomResource : Resource
{
    public CustomResource(string type, string name, ResourceArgs? args, CustomResourceOptions? options = null)
        : base(type, name, custom: true, args ?? ResourceArgs.Empty, options ?? new CustomResourceOptions())
    {
    }

    [Output("id")]
    public Output<string> Id { get; private protected set; } = null!;
}

public class ComponentResource : Resource
{
    public ComponentResource(string type, string name, ComponentResourceOptions? options = null)
        : this(type, name, ResourceArgs.Empty, options)
    {
    }

    public ComponentResource(string type, string name, ResourceArgs? args, ComponentResourceOptions? options = null, bool remote = false)
        : base(type, name, custom: false, args ?? ResourceArgs.Empty, options ?? new ComponentResourceOptions())
    {
        if (remote)
        {
            throw new NotSupportedException($"{type} {name}: remote components need the Pulumi engine.");
        }
    }

    protected void RegisterOutputs()
    {
        var outputs = new Dictionary<string, object?>();
        foreach (var (name, property) in OutputSlots.PropertiesOf(GetType()))
        {
            if (property.Name != nameof(Urn))
            {
                outputs.Add(name, property.GetValue(this));
            }
        }

        RegisterOutputs(outputs);
    }

    protected void RegisterOutputs(IDictionary<string, object?> outputs) => RegisterOutputs(Output.Create(outputs));

    protected void RegisterOutputs(Output<IDictionary<string, object?>> outputs) => Deployment.Required.RegisterOutputs(this, outputs);
}

public abstract class InputArgs;

public abstract class ResourceArgs : InputArgs
{
    public static readonly ResourceArgs Empty = new NoArgs();

    private sealed class NoArgs : ResourceArgs;
}
