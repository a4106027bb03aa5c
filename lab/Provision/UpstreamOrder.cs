using System.Globalization;

namespace PostgresHa.Lab.Provision;

/// <summary>Orders versions number by number: 17.9 before 17.11.</summary>
public sealed class UpstreamOrder : IComparer<string>
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly UpstreamOrder Instance = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        var left = (x ?? string.Empty).Split('.');
        var right = (y ?? string.Empty).Split('.');
        for (var index = 0; index < Math.Min(left.Length, right.Length); index++)
        {
            var numeric = int.TryParse(left[index], CultureInfo.InvariantCulture, out var one)
                & int.TryParse(right[index], CultureInfo.InvariantCulture, out var other);
            var order = numeric ? one.CompareTo(other) : string.CompareOrdinal(left[index], right[index]);
            if (order != 0)
            {
                return order;
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
