using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Quoting;

/// <summary>
/// A test that asks the library of systemd's own programs, by Python; skipped, and said so, where one of the two is not installed.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    public SystemdFactAttribute() =>
        Skip = Library is null
            ? "systemd's shared library is not installed here"
            : Programs.Find("python3") is null ? "python3 is not installed here" : null;

    /// <summary>The library's path; null where there is none.</summary>
    public static string? Library { get; } =
        new[] { "/usr/lib/x86_64-linux-gnu/systemd", "/usr/lib/aarch64-linux-gnu/systemd", "/usr/lib/systemd" }
        .Where(Directory.Exists)
        .SelectMany(static folder => Directory.EnumerateFiles(folder, "libsystemd-shared-*.so"))
        .FirstOrDefault();
}
