using System.Diagnostics;

namespace PostgresHa.Tests.Engine;

/// <summary>Waits for what another process brings about.</summary>
internal static class Soon
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Returns as soon as it is so; a test that waits in vain fails with what is said then.</summary>
    public static async Task BeSoAsync(Func<bool> isSo, Func<string> otherwise)
    {
        for (var began = Stopwatch.GetTimestamp(); !isSo();)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Limit, otherwise());
            await Task.Delay(5);
        }
    }

    /// <summary>Returns as soon as there is such a file.</summary>
    public static Task ExistAsync(string file) => BeSoAsync(() => File.Exists(file), () => $"There is no {file}.");
}
