using System.Globalization;

namespace PostgresHa.Cli.Drills;

/// <summary>The machine that the drills ran on, as a reader needs it to judge the figures.</summary>
internal static class Machine
{
    /// <summary>Cores, processor, memory and kernel, and whether the hosts are containers of it.</summary>
    public static string Describe(bool isLab, int hosts)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var here = string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores{Processor()}, {memory / (double)(1L << 30):0} GB, Linux {Kernel()}");
        return isLab
            ? string.Create(CultureInfo.InvariantCulture, $"one machine ({here}) that runs the {hosts} hosts as containers and the clients")
            : string.Create(CultureInfo.InvariantCulture, $"{hosts} real hosts, with the clients on another machine ({here})");
    }

    private static string Kernel() => Environment.OSVersion.Version.ToString(2);

    private static string Processor()
    {
        try
        {
            var line = File.ReadLines("/proc/cpuinfo")
                .FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal));
            return line is null ? "" : " of " + line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }
}
