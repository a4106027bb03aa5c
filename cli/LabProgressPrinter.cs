using System.Globalization;
using PostgresHa.Lab;

namespace PostgresHa.Cli;

/// <summary>Prints the lab's progress, one line each.</summary>
internal sealed class LabProgressPrinter : IProgress<LabProgress>
{
    private readonly Lock _only = new();

    /// <inheritdoc/>
    public void Report(LabProgress value)
    {
        lock (_only)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{value.Elapsed.TotalSeconds,7:0.0} s  {value.Subject,-10} {value.Message}"));
        }
    }
}
