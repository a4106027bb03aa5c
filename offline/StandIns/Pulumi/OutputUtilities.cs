using System.Collections.Immutable;

namespace Pulumi
{
    public static class OutputExtensions
    {
        public static Output<int> Length<T>(this Output<ImmutableArray<T>> array) => array.Apply(items => items.Length);

        public static Output<T> GetAt<T>(this Output<ImmutableArray<T>> array, Input<int> index) =>
            Output.Tuple(array, index.ToOutput()).Apply(both => both.Item1[both.Item2]);

        public static Output<T> First<T>(this Output<ImmutableArray<T>> array) => array.GetAt(0);
    }
}

namespace Pulumi.Utilities
{
    public static class OutputUtilities
    {
        public static Output<T> CreateUnknown<T>(T value) => Output.Unknown(value);

        public static async Task<bool> GetIsKnownAsync<T>(Output<T> output)
        {
            ArgumentNullException.ThrowIfNull(output);
            return (await output.DataTask.ConfigureAwait(false)).IsKnown;
        }

        public static async Task<T> GetValueAsync<T>(Output<T> output)
        {
            ArgumentNullException.ThrowIfNull(output);
            return (await output.DataTask.ConfigureAwait(false)).Value;
        }

        public static async Task<ImmutableHashSet<Resource>> GetDependenciesAsync<T>(Output<T> output)
        {
            ArgumentNullException.ThrowIfNull(output);
            return (await output.DataTask.ConfigureAwait(false)).Resources;
        }
    }
}
