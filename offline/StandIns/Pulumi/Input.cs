using System.Collections;
using System.Collections.Immutable;

namespace Pulumi;

internal interface IInput
{
    IOutput ToOutput();
}

public class Input<T> : IInput
{
    private protected Input(Output<T> output) => OutputValue = output;

    private protected Output<T> OutputValue { get; set; }

    public static implicit operator Input<T>(T value) => new(Output.Create(value));

    public static implicit operator Input<T>(Output<T> value) => new(value);

    public static implicit operator Output<T>(Input<T> input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.OutputValue;
    }

    IOutput IInput.ToOutput() => Content;

    // What is serialised: for lists and maps their items one by one, so that one unknown or secret item does not hide all others.
    private protected virtual IOutput Content => OutputValue;
}

public static class InputExtensions
{
    public static Output<U> Apply<T, U>(this Input<T>? input, Func<T, U> func) => input.ToOutput().Apply(func);

    public static Output<T> ToOutput<T>(this Input<T>? input) => input is null ? Output.Create(default(T)!) : (Output<T>)input;
}

public sealed class InputList<T> : Input<ImmutableArray<T>>, IEnumerable
{
    private Output<ImmutableArray<Input<T>>> _items;

    public InputList()
        : this(Output.Create(ImmutableArray<Input<T>>.Empty))
    {
    }

    private InputList(Output<ImmutableArray<Input<T>>> items)
        : base(Flat(items)) => _items = items;

    private protected override IOutput Content => _items;

    public static implicit operator InputList<T>(T[] values) => From(values.Select(value => (Input<T>)value));

    public static implicit operator InputList<T>(Input<T>[] values) => From(values);

    public void Add(params Input<T>[] inputs) => AddRange(inputs);

    public void Add(InputList<T> inputs) => AddRange(inputs);

    public void AddRange(InputList<T> inputs)
    {
        _items = Concat(inputs)._items;
        OutputValue = Flat(_items);
    }

    public InputList<T> Concat(InputList<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Output.Tuple(_items, other._items).Apply(both => both.Item1.AddRange(both.Item2)));
    }

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException($"A {GetType().Name} cannot be enumerated synchronously.");

    private static InputList<T> From(IEnumerable<Input<T>> items) => new(Output.Create(items.ToImmutableArray()));

    private static Output<ImmutableArray<T>> Flat(Output<ImmutableArray<Input<T>>> items) =>
        items.Apply(inputs => Output.All((IEnumerable<Input<T>>)inputs));
}

public sealed class InputMap<TValue> : Input<ImmutableDictionary<string, TValue>>, IEnumerable
{
    private Output<ImmutableDictionary<string, Input<TValue>>> _entries;

    public InputMap()
        : this(Output.Create(ImmutableDictionary<string, Input<TValue>>.Empty))
    {
    }

    private InputMap(Output<ImmutableDictionary<string, Input<TValue>>> entries)
        : base(Flat(entries)) => _entries = entries;

    private protected override IOutput Content => _entries;

    public Input<TValue> this[string key]
    {
        set => Add(key, value);
    }

    public void Add(string key, Input<TValue> value)
    {
        _entries = _entries.Apply(entries => entries.Add(key, value));
        OutputValue = Flat(_entries);
    }

    IEnumerator IEnumerable.GetEnumerator() =>
        throw new NotSupportedException($"A {GetType().Name} cannot be enumerated synchronously.");

    private static Output<ImmutableDictionary<string, TValue>> Flat(Output<ImmutableDictionary<string, Input<TValue>>> entries) =>
        entries.Apply(inputs =>
        {
            var names = inputs.Keys.ToArray();
            return Output.All(names.Select(name => inputs[name]))
                .Apply(values => names.Zip(values).ToImmutableDictionary(pair => pair.First, pair => pair.Second));
        });
}
