using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using PostgresHa.StandIns;

namespace Pulumi;

// The output properties of a resource, to be filled once the engine has answered.
internal sealed class OutputSlots
{
    private static readonly ConcurrentDictionary<Type, (string Name, PropertyInfo Property)[]> Known = new();

    private readonly Dictionary<string, TaskCompletionSource<OutputData<string>>> _slots = new(StringComparer.Ordinal);

    internal static IReadOnlyList<(string Name, PropertyInfo Property)> PropertiesOf(Type type) =>
        Known.GetOrAdd(type, static type =>
        [
            .. from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
               let attribute = property.GetCustomAttribute<OutputAttribute>()
               where attribute is not null
               select (attribute.Name ?? property.Name, Settable(property)),
        ]);

    internal static OutputSlots Create(Resource resource)
    {
        var slots = new OutputSlots();
        // A stack's and a component's own [Output] properties are assigned by their constructors; only the URN comes from the engine.
        foreach (var (name, property) in PropertiesOf(resource.GetType()))
        {
            if (resource is CustomResource || name == "urn")
            {
                if (property.PropertyType != typeof(Output<string>))
                {
                    throw new NotSupportedException(
                        $"{resource.GetResourceType()}: its output {name} is not text; only such are filled without Pulumi.");
                }

                var slot = new TaskCompletionSource<OutputData<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
                property.SetValue(resource, new Output<string>(slot.Task));
                slots._slots.Add(name, slot);
            }
        }

        return slots;
    }

    internal void Fill(Resource resource, RegistrationResult result, bool dryRun)
    {
        foreach (var (name, slot) in _slots)
        {
            var value = name switch
            {
                "urn" => PropertyValue.Of(result.Urn),
                "id" => result.Id is null ? PropertyValue.Null : PropertyValue.Of(result.Id),
                _ => result.State[name],
            };
            // What the engine does not tell is not known yet in a preview, and nothing otherwise.
            var known = !value.HasUnknown && (value.Kind != PropertyKind.Null || !dryRun);
            var text = value.Kind is PropertyKind.Text or PropertyKind.Null ? value.Text : value.WithSecret(false).ToString();
            slot.TrySetResult(new OutputData<string>(ImmutableHashSet.Create(resource), known ? text! : null!, known, value.HasSecret));
        }
    }

    internal void Fail(Exception exception)
    {
        foreach (var slot in _slots.Values)
        {
            slot.TrySetException(exception);
        }
    }

    // Reflection finds a private setter only on the class that declares it.
    private static PropertyInfo Settable(PropertyInfo property) =>
        property.DeclaringType == property.ReflectedType ? property : property.DeclaringType!.GetProperty(property.Name)!;
}
