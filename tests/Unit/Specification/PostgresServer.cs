using System.Diagnostics;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The program <c>postgres</c> of a PostgreSQL 17, where the machine has one: it judges values without a server.</summary>
internal sealed class PostgresServer : IDisposable
{
    private static readonly string?[] Places =
        [Environment.GetEnvironmentVariable("PGHA_POSTGRES"), "/opt/pgsql/bin/postgres", "/usr/lib/postgresql/17/bin/postgres", "/usr/pgsql-17/bin/postgres"];

    private readonly TemporaryProject data = new TemporaryProject().Write("postgresql.conf", "").Write("postgresql.auto.conf", "");

    public static string? Program { get; } =
        Places.FirstOrDefault(
            place =>
                File.Exists(place) && Run(place!, "--version").Output.StartsWith("postgres (PostgreSQL) 17.", StringComparison.Ordinal));

    /// <summary>Whether it takes a value, and what it says about it.</summary>
    public (bool Takes, string Says) Judge(string name, string value)
    {
        var (code, output) = Run(Program!, "-C", name, "-D", data.Folder, "-c", $"{name}={value}");
        return (code == 0, output.Trim());
    }

    /// <summary>Its own list: a line for each parameter that may stand in a configuration file, fields parted by tabs.</summary>
    public static IEnumerable<string[]> Describe() =>
        Run(Program!, "--describe-config").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'));

    public void Dispose() => data.Dispose();

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}

/// <summary>A test that asks a real PostgreSQL 17; skipped, and said so, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() =>
        Skip = PostgresServer.Program is null ? "no PostgreSQL 17 is installed here (PGHA_POSTGRES names one)" : null;
}
