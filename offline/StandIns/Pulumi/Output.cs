using System.Collections.Immutable;

namespace Pulumi;

internal interface IOutput
{
    Task<OutputData<object?>> GetDataAsync();
}

internal readonly record struct OutputData<T>(ImmutableHashSet<Resource> Resources, T Value, bool IsKnown, bool IsSecret);

public sealed class Output<T> : IOutput
{
    internal Output(Task<OutputData<T>> data)
    {
        DataTask = data;
        // A fault in any value fails the run, also when nobody looks at the value.
        Deployment.Current?.Track(data);
    }

    internal Task<OutputData<T>> DataTask { get; }

    public Output<U> Apply<U>(Func<T, U> func)
    {
        ArgumentNullException.ThrowIfNull(func);
        return new(ApplyAsync<U>(value => Task.FromResult(new OutputData<U>([], func(value), true, false))));
    }

    public Output<U> Apply<U>(Func<T, Task<U>> func)
    {
        ArgumentNullException.ThrowIfNull(func);
        return new(ApplyAsync(async value => new OutputData<U>([], await func(value), true, false)));
    }

    public Output<U> Apply<U>(Func<T, Input<U>?> func)
    {
        ArgumentNullException.ThrowIfNull(func);
        return new(ApplyAsync(value => func(value).ToOutput().DataTask));
    }

    public Output<U> Apply<U>(Func<T, Output<U>?> func)
    {
        ArgumentNullException.ThrowIfNull(func);
        return new(ApplyAsync(value => (func(value) ?? Output.Create(default(U)!)).DataTask));
    }

    // Concatenating an output into text is a mistake that must not reach a host as a type's name.
    public override string ToString() =>
        "Calling [ToString] on an [Output<T>] is not supported. Use o.Apply(v => $\"prefix{v}suffix\") or Output.Format.";

    internal async Task<T> GetValueAsync(T whenUnknown)
    {
        var data = await DataTask;
        return data.IsKnown ? data.Value : whenUnknown;
    }

    async Task<OutputData<object?>> IOutput.GetDataAsync()
    {
        var data = await DataTask;
        return new(data.Resources, data.Value, data.IsKnown, data.IsSecret);
    }

    private async Task<OutputData<U>> ApplyAsync<U>(Func<T, Task<OutputData<U>>> func)
    {
        var outer = await DataTask;
        if (!outer.IsKnown)
        {
            return new(outer.Resources, default!, false, outer.IsSecret);
        }

        var inner = await func(outer.Value);
        return new(outer.Resources.Union(inner.Resources), inner.Value, inner.IsKnown, outer.IsSecret || inner.IsSecret);
    }
}
