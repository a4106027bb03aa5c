using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Pulumi;

namespace PostgresHa.StandIns;

/// <summary>From the program's inputs to property values, collecting the resources they came from.</summary>
internal sealed class ValueSerializer
{
    private static readonly ConcurrentDictionary<Type, (string Name, bool Required, Func<object, object?> Get)[]> Inputs = new();

    internal HashSet<Resource> Resources { get; } = [];

    internal async Task<PropertyValue> SerializeAsync(string path, object? value)
    {
        switch (value)
        {
            case null:
                return PropertyValue.Null;
            case PropertyValue done:
                return done;
            case string text:
                return PropertyValue.Of(text);
            case bool truth:
                return PropertyValue.Of(truth);
            case int or long or short or byte or uint or float or double or decimal:
                return PropertyValue.Of(Convert.ToDouble(value, CultureInfo.InvariantCulture));
            case IInput input:
                return await SerializeOutputAsync(path, input.ToOutput());
            case IOutput output:
                return await SerializeOutputAsync(path, output);
            case CustomResource custom:
                Resources.Add(custom);
                return await SerializeOutputAsync(path, custom.Id);
            case ComponentResource component:
                return await SerializeOutputAsync(path, component.Urn);
            case InputArgs args:
                return await SerializeArgsAsync(path, args);
            case IDictionary map:
                return await SerializeMapAsync(path, map.Keys.Cast<string>().Select(key => (key, map[key])));
            case Task:
                throw new InvalidOperationException(
                    $"Tasks are not allowed inside ResourceArgs. Please wrap your Task in an Output:\n\t{path}");
            case Enum number:
                return PropertyValue.Of(Convert.ToInt32(number, CultureInfo.InvariantCulture));
        }

        if (value.GetType().GetCustomAttribute<EnumTypeAttribute>() is not null)
        {
            return PropertyValue.Of(value.ToString());
        }

        if (value is IEnumerable list)
        {
            return await SerializeListAsync(path, list);
        }

        throw new InvalidOperationException($"{value.GetType().FullName} is not a supported argument type.\n\t{path}");
    }

    private static (string Name, bool Required, Func<object, object?> Get)[] InputsOf(Type type) =>
        Inputs.GetOrAdd(type, static type =>
        {
            const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;
            var fields = from field in type.GetFields(All)
                         let input = field.GetCustomAttribute<InputAttribute>()
                         where input is not null
                         select (input.Name, input.IsRequired, (Func<object, object?>)field.GetValue);
            var properties = from property in type.GetProperties(All)
                             let input = property.GetCustomAttribute<InputAttribute>()
                             where input is not null
                             select (input.Name, input.IsRequired, (Func<object, object?>)property.GetValue);
            return [.. fields, .. properties];
        });

    private async Task<PropertyValue> SerializeOutputAsync(string path, IOutput output)
    {
        var data = await output.GetDataAsync();
        Resources.UnionWith(data.Resources);
        var value = data.IsKnown ? await SerializeAsync(path, data.Value) : PropertyValue.Unknown;
        return data.IsSecret && value.Kind != PropertyKind.Null ? value.WithSecret(true) : value;
    }

    private async Task<PropertyValue> SerializeArgsAsync(string path, InputArgs args)
    {
        var entries = new List<KeyValuePair<string, PropertyValue>>();
        foreach (var (name, required, get) in InputsOf(args.GetType()))
        {
            var content = get(args);
            if (required && content is null)
            {
                throw new ArgumentException($"{args.GetType().Name} is missing required input: {name} ({path})");
            }

            entries.Add(KeyValuePair.Create(name, await SerializeAsync($"{path}.{name}", content)));
        }

        return PropertyValue.Of(entries);
    }

    private async Task<PropertyValue> SerializeMapAsync(string path, IEnumerable<(string Name, object? Value)> map)
    {
        var entries = new List<KeyValuePair<string, PropertyValue>>();
        foreach (var (name, value) in map)
        {
            entries.Add(KeyValuePair.Create(name, await SerializeAsync($"{path}.{name}", value)));
        }

        return PropertyValue.Of(entries);
    }

    private async Task<PropertyValue> SerializeListAsync(string path, IEnumerable list)
    {
        var items = new List<PropertyValue>();
        foreach (var item in list)
        {
            items.Add(await SerializeAsync($"{path}[{items.Count}]", item));
        }

        return PropertyValue.Of(items);
    }
}
