using System.Diagnostics;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>What Patroni calls for pg_rewind, run by a real shell on a small directory.</summary>
public sealed class RewindTests : IDisposable
{
    private const string Gone = "pg_rewind: error: could not find previous WAL record at 0/3000000";

    private readonly TemporaryProject folder = new TemporaryProject()
        .Write("tools/lib", Templates.Read("host/lib.sh"))
        .Write("data/global/pg_control", "old state")
        .Write("kept/20200101T000000Z/global/pg_control", "older state");

    [Fact]
    public void Patroni_is_told_of_it_and_of_what_comes_after()
    {
        var copy = PatroniFiles.Config(Cluster("copy"), Cluster("copy").Hosts[0]);
        Assert.Contains($"bin_name:\n    pg_rewind: {PatroniFiles.RewindPath}\n", copy, StringComparison.Ordinal);
        Assert.Contains("remove_data_directory_on_rewind_failure: true\n", copy, StringComparison.Ordinal);
        var replace = PatroniFiles.Config(Cluster("replace"), Cluster("replace").Hosts[0]);
        Assert.DoesNotContain("bin_name", replace, StringComparison.Ordinal);
        Assert.Contains("remove_data_directory_on_rewind_failure: true\n", replace, StringComparison.Ordinal);
        var stop = PatroniFiles.Config(Cluster("stop"), Cluster("stop").Hosts[0]);
        Assert.Contains("remove_data_directory_on_rewind_failure: false\n", stop, StringComparison.Ordinal);
        Assert.EndsWith(
            "exec /usr/local/lib/postgres-ha/patroni-rewind /opt/pgsql/bin/pg_rewind /opt/pgdata17.kept \"$@\"\n",
            PatroniFiles.Rewind(Cluster("copy")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_keeps_the_old_directory_in_place_of_an_older_one_and_says_so()
    {
        var (code, errors) = Run(Gone, 1);

        Assert.Equal(1, code);
        Assert.Contains(Gone, errors, StringComparison.Ordinal);
        var kept = Assert.Single(Kept());
        Assert.Contains($"which is kept as {kept}", errors, StringComparison.Ordinal);
        Assert.Equal("old state", File.ReadAllText(Path.Join(kept, "global/pg_control")));
        // Patroni removes the old directory next.
        Directory.Delete(Path.Join(folder.Folder, "data"), recursive: true);
        Assert.Equal("old state", File.ReadAllText(Path.Join(kept, "global/pg_control")));
    }

    [Theory]
    [InlineData("pg_rewind: error: connection to server at \"10.0.12.4\", port 5432 failed: Connection refused", 1)]
    [InlineData("", 143)]
    public void A_leader_out_of_reach_is_no_failure_for_good(string says, int code)
    {
        Assert.Equal(code, Run(says, code).Code);
        Assert.EndsWith("20200101T000000Z", Assert.Single(Kept()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_success_leaves_no_copy_that_shares_its_files_with_the_server()
    {
        Run(Gone, 1);
        Assert.Single(Kept());

        Assert.Equal(0, Run("pg_rewind: Done!", 0).Code);

        Assert.Empty(Kept());
    }

    [Fact]
    public void A_success_leaves_the_old_state_of_another_day() =>
        Assert.Single(Kept(), path => Run("", 0).Code == 0 && path.EndsWith("20200101T000000Z", StringComparison.Ordinal));

    public void Dispose() => folder.Dispose();

    private static ClusterSpecification Cluster(string failure) => Yaml.Valid(Yaml.With("patroni.rewindFailure", failure));

    private string[] Kept() => Directory.GetDirectories(Path.Join(folder.Folder, "kept"));

    private (int Code, string Errors) Run(string says, int code)
    {
        var at = folder.Folder;
        folder.Write("pg_rewind", $"#!/bin/sh\necho '{says}' >&2\nexit {code}\n");
        Programs.Accepts("/bin/chmod", "755", Path.Join(at, "pg_rewind"));
        folder.Write(
            "tools/patroni-rewind",
            Templates.Read("patroni/patroni-rewind.sh").Replace(HostPaths.Tools, at + "/tools", StringComparison.Ordinal));
        string[] words =
        [
            at + "/tools/patroni-rewind", at + "/pg_rewind", at + "/kept", "-D", at + "/data", "--source-server", "host=x dbname=y",
        ];
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", words) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, errors);
    }
}
