using System.Collections.Immutable;
using System.Globalization;

namespace Pulumi;

public static partial class Output
{
    public static Output<T> Create<T>(T value) => Known(Task.FromResult(value), secret: false);

    public static Output<T> Create<T>(Task<T> value) => Known(value, secret: false);

    public static Output<T> CreateSecret<T>(T value) => Known(Task.FromResult(value), secret: true);

    public static Output<T> CreateSecret<T>(Output<T> value) => WithSecret(value, secret: true);

    public static Output<T> Unsecret<T>(Output<T> output) => WithSecret(output, secret: false);

    public static async Task<bool> IsSecretAsync<T>(Output<T> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return (await output.DataTask).IsSecret;
    }

    public static Output<(T1, T2)> Tuple<T1, T2>(Output<T1> item1, Output<T2> item2) =>
        new Output<ImmutableArray<object?>>(AllAsync([item1, item2], static value => value))
            .Apply(values => ((T1)values[0]!, (T2)values[1]!));

    public static Output<string> Format(FormattableString formattableString)
    {
        ArgumentNullException.ThrowIfNull(formattableString);
        var arguments = formattableString.GetArguments()
            .Select(argument => argument switch
            {
                IInput input => input.ToOutput(),
                IOutput output => output,
                _ => Create(argument),
            });
        return new Output<ImmutableArray<object?>>(AllAsync(arguments.ToArray(), static value => value))
            .Apply(values => string.Format(CultureInfo.InvariantCulture, formattableString.Format, [.. values]));
    }

    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Input<T>> inputs) => All(inputs.Select(input => input.ToOutput()));

    public static Output<ImmutableArray<T>> All<T>(params Output<T>[] outputs) => All((IEnumerable<Output<T>>)outputs);

    public static Output<ImmutableArray<T>> All<T>(IEnumerable<Output<T>> outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        return new(AllAsync(outputs.ToArray(), static value => (T)value!));
    }

    internal static Output<T> Unknown<T>(T value) => new(Task.FromResult(new OutputData<T>([], value, false, false)));

    private static Output<T> Known<T>(Task<T> value, bool secret)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(ToDataAsync(value, secret));

        static async Task<OutputData<T>> ToDataAsync(Task<T> value, bool secret) =>
            new([], await value, true, secret);
    }

    private static Output<T> WithSecret<T>(Output<T> output, bool secret)
    {
        ArgumentNullException.ThrowIfNull(output);
        return new(ToDataAsync(output, secret));

        static async Task<OutputData<T>> ToDataAsync(Output<T> output, bool secret) =>
            (await output.DataTask) with { IsSecret = secret };
    }

    private static async Task<OutputData<ImmutableArray<T>>> AllAsync<T>(IReadOnlyList<IOutput> outputs, Func<object?, T> convert)
    {
        var values = ImmutableArray.CreateBuilder<T>(outputs.Count);
        var resources = ImmutableHashSet.CreateBuilder<Resource>();
        var (known, secret) = (true, false);
        foreach (var output in outputs)
        {
            var data = await output.GetDataAsync();
            values.Add(data.IsKnown ? convert(data.Value) : default!);
            resources.UnionWith(data.Resources);
            known &= data.IsKnown;
            secret |= data.IsSecret;
        }

        return new(resources.ToImmutable(), known ? values.MoveToImmutable() : [], known, secret);
    }
}
