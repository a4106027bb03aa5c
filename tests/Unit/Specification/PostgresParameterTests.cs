using System.Globalization;
using System.Text.Json.Nodes;
using PostgresHa.Components;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>PostgreSQL's parameters; what is refused, and how, stands in WrongConfigurations.yaml.</summary>
public sealed class PostgresParameterTests
{
    private static readonly string[] Numbers =
        ["-1", "0", "1", "7", "64", "1.5", ".5", "1e3", "+8", "100us", "1ms", "5s", "15min", "1h", "2d", "64B", "64kB", "16MB", " 16 MB ", "1GB", "2TB", "16mb", "1G", "5m", "many", "", "1 2", "99999999999"];

    // By the machine's limits, by how PostgreSQL is built, or by a sum of several.
    private static readonly string[] JudgedElsewhere =
        ["max_stack_depth", "bonjour", "autovacuum_max_workers", "max_connections", "max_wal_senders", "max_worker_processes"];

    private static readonly string[] Truths = ["on", "OFF", "true", "no", "1", "maybe", ""];

    [Theory]
    [InlineData("work_mem", "16MB")]
    [InlineData("work_mem", "16 MB")]
    [InlineData("work_mem", "1.5GB")]
    [InlineData("work_mem", "65536")]
    [InlineData("log_min_duration_statement", "-1")]
    [InlineData("log_min_duration_statement", "500ms")]
    [InlineData("checkpoint_timeout", "15min")]
    [InlineData("checkpoint_completion_target", "0.9")]
    [InlineData("autovacuum", "off")]
    [InlineData("jit", "YES")]
    [InlineData("huge_pages", "try")]
    [InlineData("synchronous_commit", "remote_apply")]
    [InlineData("synchronous_commit", "false")]
    [InlineData("timezone", "Europe/Berlin")]
    [InlineData("shared_preload_libraries", "pg_stat_statements,auto_explain")]
    [InlineData("pg_stat_statements.max", "5000")]
    [InlineData("auto_explain.log_min_duration", "3s")]
    [InlineData("wal_level", "logical")]
    [InlineData("max_prepared_transactions", "100")]
    [InlineData("max_locks_per_transaction", "256")]
    [InlineData("max_worker_processes", "16")]
    [InlineData("max_replication_slots", "20")]
    [InlineData("max_wal_senders", "20")]
    [InlineData("track_commit_timestamp", "on")]
    public void Reach_the_dynamic_configuration_as_written(string name, string value)
    {
        var cluster = Yaml.Valid(
            Yaml.With(($"postgres", new JsonObject { ["parameters"] = new JsonObject { [name] = value } })));

        var parameters = Yaml.Parse(PatroniFiles.DynamicConfiguration(cluster))!["postgresql"]!["parameters"]!;

        Assert.Equal(value, parameters[name]!.ToString());
    }

    [Fact]
    public void A_compression_that_is_built_in_is_taken() =>
        Yaml.Valid(
            Yaml.With(
                "postgres",
                "{ configureFlags: [--with-openssl, --with-lz4], parameters: { wal_compression: lz4, default_toast_compression: lz4 } }"));

    [Fact]
    public void Each_parameter_of_the_table_is_whole()
    {
        Assert.InRange(PostgresParameter.All.Count, 350, 450);
        Assert.All(PostgresParameter.All.Values, parameter =>
        {
            Assert.Contains(parameter.Type, new[] { "bool", "integer", "real", "enum", "string" });
            Assert.Equal(parameter.Type is "integer" or "real", parameter is { Least: not null, Most: not null });
            Assert.Equal(parameter.Type == "enum", parameter.Values.Count > 0);
        });
    }

    [Fact]
    public void No_parameter_of_another_release_is_one_of_17() =>
        Assert.DoesNotContain(FormerParameters.All.Keys, PostgresParameter.All.ContainsKey);

    [Fact]
    public void Defaults_are_values_that_would_be_taken_from_a_user() =>
        Assert.All(PatroniParameters.Of(Yaml.Valid(Yaml.With())), pair => Assert.Null(PostgresParameter.All[pair.Key].Check(pair.Value)));

    [PostgresFact]
    public void The_table_is_the_servers_own()
    {
        foreach (var line in PostgresServer.Describe())
        {
            var parameter = PostgresParameter.All[line[0]];
            Assert.Equal(
                (line[0], line[1], line[3]),
                (parameter.Name, parameter.Context, parameter.Type == "bool" ? "BOOLEAN" : parameter.Type.ToUpperInvariant()));
            if (parameter.Type == "integer")
            {
                Assert.Equal((Number(line[5]), Number(line[6])), (parameter.Least!.Value, parameter.Most!.Value));
            }
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    [PostgresFact]
    public void Whatever_is_let_through_is_taken_by_the_server()
    {
        using var server = new PostgresServer();
        var taken = 0;
        List<string> refused = [];
        foreach (var parameter in PostgresParameter.All.Values
            .Where(parameter => parameter is { Type: not "string", Context: not "internal" }))
        {
            var values = parameter.Type switch { "bool" => Truths, "enum" => [.. Truths, .. parameter.Values], _ => Samples(parameter) };
            foreach (var value in values.Where(value => parameter.Check(value) is null))
            {
                var (takes, says) = server.Judge(parameter.Name, value);
                taken += takes ? 1 : 0;
                if (!takes && !JudgedElsewhere.Contains(parameter.Name))
                {
                    refused.Add($"{parameter.Name}={value}: {says}");
                }
            }
        }

        Assert.Empty(refused);
        Assert.True(taken > 1500, $"only {taken} were taken");
    }

    [PostgresFact]
    public void Whatever_the_server_refuses_is_refused()
    {
        using var server = new PostgresServer();
        foreach (
            var name in new[] { "work_mem", "shared_buffers", "statement_timeout", "checkpoint_timeout", "random_page_cost", "vacuum_cost_delay", "max_parallel_workers", "wal_segment_size", "autovacuum_naptime", "log_rotation_age" })
        {
            var parameter = PostgresParameter.All[name];
            foreach (var value in Samples(parameter))
            {
                Assert.True(
                    server.Judge(name, value).Takes || parameter.Context == "internal" || parameter.Check(value) is not null,
                    $"{name}={value} is refused by the server only");
            }
        }
    }

    [PostgresFact]
    public void Nothing_that_the_server_takes_is_refused_without_a_reason()
    {
        using var server = new PostgresServer();
        foreach (
            var name in new[] { "work_mem", "shared_buffers", "statement_timeout", "checkpoint_timeout", "random_page_cost", "vacuum_cost_delay", "max_parallel_workers", "autovacuum_naptime" })
        {
            var parameter = PostgresParameter.All[name];
            foreach (var value in Samples(parameter).Where(value => server.Judge(name, value).Takes))
            {
                // The one thing refused on purpose: a value that is none where PostgreSQL rounds it to 0.
                Assert.True(
                    parameter.Check(value)?.Problem.Contains("it would be 0", StringComparison.Ordinal) != false,
                    $"{name}={value} is taken by the server");
            }
        }
    }

    private static IEnumerable<string> Samples(PostgresParameter parameter)
    {
        var bounds = new[] { parameter.Least!.Value, parameter.Most!.Value, parameter.Least.Value - 1, parameter.Most.Value + 1 }
            .Where(number => Math.Abs(number) < 1e15).Select(number => number.ToString("0", CultureInfo.InvariantCulture));
        return Numbers.Concat(bounds);
    }
}
