using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>The trial of PostgreSQL's parameters, by a real PostgreSQL of whatever version the machine has.</summary>
public sealed class PostgresTryTests
{
    private static readonly string? Programs =
        new[] { "/opt/pgsql/bin" }
            .Concat(Directory.Exists("/usr/lib/postgresql")
                ? Directory.EnumerateDirectories("/usr/lib/postgresql").Select(static folder => folder + "/bin")
                : [])
            .FirstOrDefault(static folder => File.Exists(folder + "/initdb") && File.Exists(folder + "/psql"));

    private static readonly string Command = $"{HostPaths.Tool("postgres-try")} --bin {Programs}";

    private static string Left => $"ls -d {HostPaths.Cache}/try-* 2>/dev/null";

    [TrialTheory]
    [InlineData("""{"work_mem":"8MB","log_checkpoints":"on","TimeZone":"Europe/Berlin"}""")]
    // What the real size, the real data or another program would be needed for is not asked.
    [InlineData("""{"shared_buffers":"900GB","huge_pages":"on","ssl":"on","archive_mode":"on","archive_command":"touch /srv/archived"}""")]
    [InlineData("""{"log_line_prefix":"'\\%q ","log_min_messages":"panic","some.extension":"x"}""")]
    public void What_PostgreSQL_takes_passes_and_leaves_nothing(string parameters)
    {
        using var host = New();

        var ended = host.Run(Command, parameters + "\nwith this build\n");

        Assert.True(ended.Code == 0, ended.Error);
        Assert.StartsWith("unchanged: PostgreSQL starts with the ", ended.Output, StringComparison.Ordinal);
        Assert.Equal("", host.Run($"{Left}; ls /srv/archived 2>/dev/null").Output);
    }

    [TrialTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Key_and_certificate_of_the_host_are_tried(bool fit)
    {
        using var host = New();
        host.Run("rm -rf " + CertificateFiles.Folder);
        var request = host.Tool("certificate-request " + string.Join(' ', CertificateFiles.Request()));
        host.Write(
            CertificateFiles.CertificatePath,
            new CertificateAuthority("orders", "seed").Sign(
                fit ? request : SampleRequest.Request, ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow));

        var ended = host.Run(
            Command,
            $$"""{"ssl":"on","ssl_cert_file":"{{CertificateFiles.CertificatePath}}","ssl_key_file":"{{CertificateFiles.KeyPath}}"}"""
            + "\n\n");

        Assert.True(fit == (ended.Code == 0), ended.Error);
        Assert.True(fit || ended.Error.Contains("could not load private key file", StringComparison.Ordinal)
            || ended.Error.Contains("key values mismatch", StringComparison.Ordinal), ended.Error);
    }

    [TrialTheory]
    [InlineData("timezone", "Europe/Berln", "invalid value for parameter \"TimeZone\": \"Europe/Berln\"")]
    [InlineData("shared_preload_libraries", "nonexistent", "FATAL:  could not access file \"nonexistent\"")]
    [InlineData("session_preload_libraries", "nonexistent", "FATAL:  could not access file \"nonexistent\"")]
    [InlineData("lc_messages", "xx_YY", "invalid value for parameter \"lc_messages\": \"xx_YY\"")]
    [InlineData("work_men", "64MB", "unrecognized configuration parameter \"work_men\"")]
    [InlineData("log_statement", "everything", "Available values: none, ddl, mod, all.")]
    public void What_it_refuses_is_named_with_its_own_words(string name, string value, string words)
    {
        using var host = New();

        var ended = host.Run(Command, $$"""{"work_mem":"8MB","{{name}}":"{{value}}"}""" + "\n\n");

        Assert.Equal(1, ended.Code);
        Assert.Contains($" refuses {name} = {value}:\n", ended.Error, StringComparison.Ordinal);
        Assert.Contains(words, ended.Error, StringComparison.Ordinal);
        Assert.Contains($"correct postgres.parameters.{name} in the stack file", ended.Error, StringComparison.Ordinal);
        Assert.Equal("", host.Run(Left).Output);
    }

    [TrialTheory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public void One_that_is_killed_leaves_no_server_and_its_folder_goes_with_the_next(string signal)
    {
        using var host = New();

        var ended = host.Run(
            $$"""
            echo '{"work_mem":"8MB"}' | {{Command}} >/srv/said 2>&1 &
            tool=$!
            for _ in $(seq 600); do
              server=$(head -n 1 {{HostPaths.Cache}}/try-*/data/postmaster.pid 2>/dev/null) && [ -n "$server" ] && break
              sleep 0.02
            done
            kill -{{signal}} $tool || { echo it was done already; exit 1; }
            for _ in $(seq 500); do [ -e "/proc/$server" ] || break; sleep 0.02; done
            [ ! -e "/proc/$server" ] || { echo the server lives on; exit 1; }
            echo '{"work_mem":"8MB"}' | {{Command}} && ! {{Left}}
            """);

        Assert.True(ended.Code == 0, ended.Output + ended.Error);
    }

    private static ThrowAwayHost New()
    {
        var host = new ThrowAwayHost();
        host.Tool("user-ensure postgres /var/lib/postgresql");
        host.Run($"mkdir -p {HostPaths.State} {HostPaths.Cache}");
        return host;
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class TrialTheoryAttribute : TheoryAttribute
    {
        public TrialTheoryAttribute() => Skip = Programs is null ? "no PostgreSQL is installed here" : ThrowAwayHost.Missing;
    }
}
