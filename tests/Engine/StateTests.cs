using System.Diagnostics;
using PostgresHa.Offline;
using PostgresHa.StandIns;
using Pulumi;
using Pulumi.Random;

namespace PostgresHa.Tests.Engine;

/// <summary>The state file: who may read it, what of it is plain, who holds it, and whether Pulumi's own secrets are read.</summary>
public sealed class StateTests : IDisposable
{
    private readonly Harness _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Reads_what_Pulumi_encrypted()
    {
        // From Pulumi's own tests: made by its passphrase provider with this passphrase.
        var cipher = PassphraseCipher.Open("password", "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==", "test");
        Assert.Equal("plain", cipher.Decrypt(cipher.Encrypt("plain")));
        _harness.Settings = _harness.Settings with
        {
            Passphrase = "password",
            EncryptionSalt = cipher.EncryptionSalt,
            Configuration = new Dictionary<string, ConfigurationValue>
            {
                ["postgres-ha:hidden"] = new() { Secure = cipher.Encrypt("hidden value") },
                ["postgres-ha:open"] = new() { Text = "{\"a\":1}" },
            },
        };
        string? seen = null;
        var report = await _harness.Up(() =>
        {
            var config = new Config();
            config.RequireSecret("hidden").Apply(value => seen = value);
            Pulumi.Log.Info(
                "it is " + config.Require("hidden") + " " + config.RequireObject<System.Text.Json.JsonElement>("open").GetProperty("a"));
        });
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal("hidden value", seen);
        Assert.Contains("it is [secret] 1", _harness.Recorder.Messages);
        _harness.Settings = _harness.Settings with { Passphrase = "wrong" };
        await Assert.ThrowsAsync<EngineException>(() => _harness.Up(() => { }));
    }

    [Fact]
    public async Task Passwords_are_made_once_and_are_nowhere_in_plain_text()
    {
        var seen = new List<string>();
        Action Program(int length) =>
            () => new RandomPassword("password", new RandomPasswordArgs { Length = length, Special = false }).Result.Apply(value =>
        {
            seen.Add(value);
            return value;
        });
        await _harness.Up(Program(32));
        await _harness.Up(Program(32));
        Assert.Equal(seen[0], seen[1]);
        Assert.Matches("^[A-Za-z0-9]{32}$", seen[0]);
        Assert.DoesNotContain(seen[0], await File.ReadAllTextAsync(_harness.StatePath), StringComparison.Ordinal);

        var preview = await _harness.Preview(Program(20));
        Assert.Equal(StepOperation.Replace, preview.Of("password"));
        await _harness.Up(Program(20));
        Assert.Matches("^[A-Za-z0-9]{20}$", seen[^1]);
    }

    [Fact]
    public async Task Only_the_owner_may_read_it()
    {
        await _harness.Up(() => _ = new RandomPassword("password", new RandomPasswordArgs { Length = 8 }));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_harness.StatePath));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(_harness.StatePath)!));
    }

    [Fact]
    public async Task A_wrong_passphrase_is_said_and_nothing_is_touched()
    {
        await _harness.Up(() => _ = new RandomPassword("password", new RandomPasswordArgs { Length = 8 }));
        var before = await File.ReadAllTextAsync(_harness.StatePath);
        _harness.Settings = _harness.Settings with { Passphrase = "wrong" };
        var error = await Assert.ThrowsAsync<EngineException>(
            () => _harness.Up(() => _ = new RandomPassword("other", new RandomPasswordArgs { Length = 8 })));
        Assert.Contains("the passphrase is wrong", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(_harness.StatePath));
        await Assert.ThrowsAsync<EngineException>(() => _harness.Preview(() => { }));
        await Assert.ThrowsAsync<EngineException>(_harness.Destroy);
    }

    [Fact]
    public async Task A_damaged_state_is_said()
    {
        await _harness.Up(() => _ = new RandomPassword("password", new RandomPasswordArgs { Length = 8 }));
        await File.WriteAllTextAsync(_harness.StatePath, "{");
        var error = await Assert.ThrowsAsync<EngineException>(() => _harness.Up(() => { }));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_is_told_who_holds_the_stack()
    {
        using var release = new SemaphoreSlim(0);
        var first = new OfflineEngine(_harness.Settings, () => Deployment.RunAsync(() => release.WaitAsync())).UpAsync(_harness.Recorder);
        var error = await Assert.ThrowsAsync<EngineException>(() => _harness.Up(() => { }));
        Assert.Contains($"up, process {Environment.ProcessId} of {Environment.UserName}", error.Message, StringComparison.Ordinal);
        release.Release();
        Assert.True((await first).Succeeded);
        Assert.True((await _harness.Up(() => { })).Succeeded);
    }

    [Fact]
    public async Task A_preview_of_a_new_stack_needs_no_passphrase_and_writes_nothing()
    {
        _harness.Settings = _harness.Settings with { Passphrase = null };
        var report = await _harness.Preview(() => _ = new RandomPassword("password", new RandomPasswordArgs { Length = 8 }));
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.False(Directory.Exists(Path.GetDirectoryName(_harness.StatePath)));
    }

    [Fact]
    public async Task Outputs_are_kept_and_secret_ones_masked()
    {
        var report = await new OfflineEngine(_harness.Settings, () => Deployment.RunAsync(() => new Dictionary<string, object?>
        {
            ["open"] = "10.0.12.10",
            ["hidden"] = Output.CreateSecret("a-long-password"),
        })).UpAsync(_harness.Recorder);
        Assert.True(report.Succeeded);
        var outputs = await _harness.Engine(() => { }).OutputsAsync();
        Assert.Equal("10.0.12.10", outputs["open"].ToString());
        Assert.Equal("[secret]", outputs["hidden"].ToString());
        Assert.Equal("a-long-password", outputs["hidden"].Text);
        Assert.DoesNotContain("a-long-password", await File.ReadAllTextAsync(_harness.StatePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_breaks_off_changes_nothing()
    {
        await _harness.Up(() => _ = new RandomPassword("kept", new RandomPasswordArgs { Length = 8 }));
        var report = await _harness.Up(() => throw new RunException("the configuration is wrong"));
        Assert.False(report.Succeeded);
        Assert.Contains("the configuration is wrong", _harness.Recorder.Messages);
        Assert.Contains("::kept", await File.ReadAllTextAsync(_harness.StatePath), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_resources_of_one_name_are_refused()
    {
        var report = await _harness.Up(() =>
        {
            _ = new RandomPassword("twin", new RandomPasswordArgs { Length = 8 });
            _ = new RandomPassword("twin", new RandomPasswordArgs { Length = 8 });
        });
        Assert.False(report.Succeeded);
        Assert.Contains(_harness.Recorder.Messages, message => message.Contains("declared twice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_renamed_resource_with_an_alias_is_the_same()
    {
        await _harness.Up(() => _ = new RandomPassword("old", new RandomPasswordArgs { Length = 8 }));
        var report = await _harness.Up(() => _ = new RandomPassword(
            "new", new RandomPasswordArgs { Length = 8 }, new CustomResourceOptions { Aliases = { new Alias { Name = "old" } } }));
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(StepOperation.Same, report.Of("new"));
        Assert.DoesNotContain(report.Steps, step => step.Operation == StepOperation.Delete);
    }

    [Fact]
    public async Task A_protected_resource_is_not_deleted()
    {
        await _harness.Up(
            () => _ = new RandomPassword("held", new RandomPasswordArgs { Length = 8 }, new CustomResourceOptions { Protect = true }));
        Assert.False((await _harness.Up(() => { })).Succeeded);
        Assert.Contains(
            _harness.Recorder.Messages, message => message.Contains("Protected and therefore not deleted: held", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Three_hundred_and_fifty_resources_are_compared_in_no_time()
    {
        void Program()
        {
            var large = string.Concat(Enumerable.Range(0, 300).Select(i => $"setting_{i} = value\n"));
            for (var host = 0; host < 7; host++)
            {
                var connection = new Pulumi.Command.Remote.Inputs.ConnectionArgs
                {
                    Host = $"10.0.0.{host}",
                    PrivateKey = new string('k', 400),
                    HostKey = "ssh-ed25519 AAAA",
                };
                var group = new Group($"host{host}");
                for (var i = 0; i < 50; i++)
                {
                    _ = new Pulumi.Command.Remote.Command(
                        $"file{i}-host{host}",
                        new Pulumi.Command.Remote.CommandArgs
                        {
                            Connection = connection,
                            Create = ":",
                            Stdin = i % 5 == 0 ? Output.CreateSecret(large) : (Input<string>)large,
                            AddPreviousOutputInEnv = false,
                        },
                        new CustomResourceOptions { Parent = group });
                }
            }
        }

        var first = await _harness.Up(Program);
        Assert.True(first.Succeeded, _harness.Everything(first));
        List<TimeSpan> times = [];
        for (var i = 0; i < 3; i++)
        {
            var watch = Stopwatch.StartNew();
            var again = await _harness.Up(Program);
            times.Add(watch.Elapsed);
            Assert.Equal(350, again.Steps.Count(step => step.IsCustom && step.Operation == StepOperation.Same));
        }

        // A third of a second is the derivation of the key. The fastest counts, and the limit is for machines with much else to do.
        Assert.True(times.Min() < TimeSpan.FromSeconds(5), $"took {string.Join(", ", times)}");
    }
}
