using System.Diagnostics;
using System.Text;
using PostgresHa.Offline;
using PostgresHa.StandIns;
using Pulumi;
using Pulumi.Random;

namespace PostgresHa.Tests.Engine;

/// <summary>
/// What the state's files survive: a run that breaks off anywhere, damage, a full disk, and programs that were before them.
/// </summary>
public sealed class StateFileTests : IDisposable
{
    private readonly Harness _harness = new();

    private string JournalPath => _harness.StatePath + ".journal";

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_state_file_from_before_there_was_a_journal_is_read()
    {
        var cipher = PassphraseCipher.Create(Harness.Passphrase);
        Directory.CreateDirectory(Path.GetDirectoryName(_harness.StatePath)!);
        await File.WriteAllTextAsync(_harness.StatePath, $$"""
            {
              "version": 1, "project": "postgres-ha", "stack": "test", "encryptionsalt": "{{cipher.EncryptionSalt}}",
              "resources": [
                {
                  "urn": "urn:pulumi:test::postgres-ha::random:index/randomPassword:RandomPassword::kept",
                  "custom": true, "id": "none", "sequence": 2, "dependencies": [], "inputs": { "length": 8 },
                  "outputs": { "length": 8, "result": { "$secret": "{{cipher.Encrypt("\"abcdefgh\"")}}" } }
                }
              ],
              "pending": {}, "outputs": {}
            }
            """);
        var seen = string.Empty;
        var report = await _harness.Up(
            () => _ = new RandomPassword("kept", new RandomPasswordArgs { Length = 8 }).Result.Apply(value => seen = value));
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(StepOperation.Same, report.Of("kept"));
        Assert.Equal("abcdefgh", seen);
    }

    [Fact]
    public async Task A_copied_state_is_refused_and_says_whose_it_is()
    {
        Assert.True((await _harness.Up(() => _ = new RandomPassword("kept", new RandomPasswordArgs { Length = 8 }))).Succeeded);
        var copy = Path.Combine(_harness.Folder, ".state", "copy.json");
        File.Copy(_harness.StatePath, copy);
        _harness.Settings = _harness.Settings with { Stack = "copy" };

        var up = await Assert.ThrowsAsync<EngineException>(() => _harness.Up(() => { }));
        Assert.Contains("is the state of stack test of project postgres-ha, not of copy", up.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EngineException>(() => _harness.Destroy());
        Assert.Equal(await File.ReadAllTextAsync(_harness.StatePath), await File.ReadAllTextAsync(copy));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_though_the_run_never_ended()
    {
        var store = await LoadAsync();
        await store.ChangeAsync(state => state.Put(Resource("first")));
        await store.ChangeAsync(state =>
        {
            state.Put(Resource("second"));
            state.Begin("urn:second", "Create");
            state.SetOutputs(PropertyValue.Of([KeyValuePair.Create("a", PropertyValue.Of("b").WithSecret(true))]));
        });
        await store.ChangeAsync(state =>
        {
            state.Condemn(state.Resources[Urn("first")]);
            state.Put(Resource("first", "again"));
            state.End("urn:second");
        });
        await store.ChangeAsync(state => state.Remove(state.Resources[Urn("second")]));
        Assert.True(File.Exists(JournalPath));

        var again = await LoadAsync();
        Assert.Equal(["first again", "first  condemned"], again.Read(state => state.All.Select(Describe).ToList()));
        Assert.Empty(again.Read(state => state.Pending));
        Assert.Equal("b", again.Read(state => state.Outputs["a"].Text));

        // The next run begins with a file that has it all.
        await again.ChangeAsync(state => state.Begin("x", "Create"));
        Assert.False(File.Exists(JournalPath));
        Assert.Equal(2, (await LoadAsync()).Read(state => state.All.Count()));
    }

    [Fact]
    public async Task A_journal_cut_off_at_any_byte_loses_its_last_change_at_most()
    {
        var store = await LoadAsync();
        for (var i = 0; i < 4; i++)
        {
            await store.ChangeAsync(state => state.Put(Resource($"r{i}")));
        }

        var whole = await File.ReadAllBytesAsync(JournalPath);
        var ends = whole.Index().Where(at => at.Item == '\n').Select(at => at.Index + 1).ToList();
        for (var length = 0; length <= whole.Length; length++)
        {
            await File.WriteAllBytesAsync(JournalPath, whole[..length]);
            // The first resource is in the file, and the first line only names it.
            Assert.Equal(1 + Math.Max(0, ends.Count(end => end <= length) - 1), (await LoadAsync()).Read(state => state.Resources.Count));
        }
    }

    [Fact]
    public async Task A_journal_damaged_in_its_midst_is_said()
    {
        var store = await LoadAsync();
        for (var i = 0; i < 3; i++)
        {
            await store.ChangeAsync(state => state.Put(Resource($"r{i}")));
        }

        var lines = (await File.ReadAllTextAsync(JournalPath)).Split('\n');
        lines[1] = lines[1].Replace("r1", "r9", StringComparison.Ordinal);
        await File.WriteAllTextAsync(JournalPath, string.Join('\n', lines));
        Assert.Contains("is damaged", (await Assert.ThrowsAsync<EngineException>(LoadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_that_is_in_the_file_already_is_let_be_and_a_foreign_one_is_refused()
    {
        var store = await LoadAsync();
        await store.ChangeAsync(state => state.Put(Resource("first")));
        await store.ChangeAsync(state => state.Put(Resource("second")));
        var (state, journal) = (await File.ReadAllBytesAsync(_harness.StatePath), await File.ReadAllBytesAsync(JournalPath));
        await store.ChangeAsync(state => state.Remove(state.Resources[Urn("second")]));
        await store.FlushAsync();

        // As if it had been killed between the two.
        await File.WriteAllBytesAsync(JournalPath, journal);
        Assert.Equal(["first "], (await LoadAsync()).Read(state => state.All.Select(Describe).ToList()));

        await File.WriteAllBytesAsync(
            _harness.StatePath,
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(state).Replace("\"serial\": 1", "\"serial\": 0", StringComparison.Ordinal)));
        Assert.Contains(
            "belongs to another state", (await Assert.ThrowsAsync<EngineException>(LoadAsync)).Message, StringComparison.Ordinal);
        File.Delete(_harness.StatePath);
        Assert.Contains(
            "belongs to another state", (await Assert.ThrowsAsync<EngineException>(LoadAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_as_JSON_is_an_error_and_no_end_of_everything()
    {
        var store = await LoadAsync();
        var unstorable = store.ChangeAsync(
            state => state.SetOutputs(PropertyValue.Of([KeyValuePair.Create("a", PropertyValue.Of(double.NaN))])));
        Assert.Contains(
            "cannot be written",
            (await Assert.ThrowsAsync<EngineException>(() => unstorable.WaitAsync(TimeSpan.FromSeconds(30)))).Message,
            StringComparison.Ordinal);
        await store.ChangeAsync(state => state.SetOutputs(PropertyValue.Empty)).WaitAsync(TimeSpan.FromSeconds(30));

        var report = await _harness.Up(
            () => _ = new RandomPassword("p", new RandomPasswordArgs { Length = 8, OverrideSpecial = "\ud800" }));
        Assert.False(report.Succeeded);
        Assert.Contains("p: its input overrideSpecial is not a text or number that can be stored.", _harness.Recorder.Messages);
    }

    [Fact]
    public async Task A_full_disk_is_said_once_and_without_a_stack_trace()
    {
        var made = new Dictionary<string, string>();
        Action Program(int count) => () =>
        {
            for (var i = 0; i < count; i++)
            {
                var name = $"p{i}";
                _ = new RandomPassword(name, new RandomPasswordArgs { Length = 8 }).Result.Apply(value => made[name] = value);
            }
        };
        Directory.CreateDirectory(Path.GetDirectoryName(_harness.StatePath)!);
        // Writing to it finds no space left.
        File.CreateSymbolicLink(_harness.StatePath + ".new", "/dev/full");
        var report = await _harness.Up(Program(3));
        Assert.False(report.Succeeded);
        var error = Assert.Single(_harness.Recorder.Messages);
        Assert.Contains("cannot be written", error, StringComparison.Ordinal);
        Assert.Contains("make room", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);

        Assert.Empty(made);
        Assert.False(report.IsRecorded);
        Assert.All(report.Results, result => Assert.Equal(StepStatus.Skipped, result.Status));

        File.Delete(_harness.StatePath + ".new");
        report = await _harness.Up(Program(3));
        Assert.True(report.Succeeded, _harness.Everything(report));
        Assert.Equal(3, made.Count);
    }

    [Theory]
    [InlineData(".lock")]
    [InlineData(".lock-holder")]
    public async Task What_cannot_be_written_is_not_called_locked(string file)
    {
        Directory.CreateDirectory(_harness.StatePath + file);
        var error = await Assert.ThrowsAsync<EngineException>(() => _harness.Up(() => { }));
        Assert.Contains("cannot be written", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("locked by", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".journal")]
    public async Task What_cannot_be_read_is_not_taken_for_no_state(string file)
    {
        await _harness.Up(() => _ = new RandomPassword("p", new RandomPasswordArgs { Length = 8 }));
        File.Delete(_harness.StatePath + file);
        // Links in a circle: like a folder that may not be entered, it is there and cannot be opened, also for root.
        File.CreateSymbolicLink(_harness.StatePath + file, _harness.StatePath + file);
        foreach (var run in (Func<Task>[])
            [() => _harness.Preview(() => { }), () => _harness.Up(() => { }), () => _harness.Engine(() => { }).OutputsAsync()])
        {
            Assert.Contains("cannot be read", (await Assert.ThrowsAsync<EngineException>(run)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"version\":1,\"encryptionsalt\":5}")]
    [InlineData("{\"version\":\"1\"}")]
    [InlineData("cut")]
    [InlineData("number")]
    [InlineData("null urn")]
    public async Task Whatever_the_damage_it_is_said_before_any_step(string damage)
    {
        void Program()
        {
            var first = new RandomPassword("first", new RandomPasswordArgs { Length = 8 });
            _ = new RandomPassword("second", new RandomPasswordArgs { Length = 8 }, new CustomResourceOptions { DependsOn = { first } });
        }

        await _harness.Up(Program);
        var good = await File.ReadAllTextAsync(_harness.StatePath);
        await File.WriteAllTextAsync(_harness.StatePath, damage switch
        {
            "cut" => good[..(good.Length / 2)],
            "number" => good.Replace("\"sequence\": 2", "\"sequence\": 2e99", StringComparison.Ordinal),
            "null urn" =>
                good.Replace($"\"urn\": \"{good.Split("\"urn\": \"")[1].Split('"')[0]}\"", "\"urn\": null", StringComparison.Ordinal),
            _ => damage,
        });
        _harness.Recorder.Ended.Clear();
        var error = await Assert.ThrowsAsync<EngineException>(() => _harness.Up(Program));
        Assert.Contains("is damaged", error.Message, StringComparison.Ordinal);
        Assert.Empty(_harness.Recorder.Ended);
        Assert.Empty(_harness.Recorder.Messages);

        await File.WriteAllTextAsync(_harness.StatePath, good);
        _harness.Settings = _harness.Settings with { Passphrase = "wrong" };
        error = await Assert.ThrowsAsync<EngineException>(() => _harness.Up(Program));
        Assert.Contains("the passphrase is wrong", error.Message, StringComparison.Ordinal);
        Assert.Empty(_harness.Recorder.Ended);
    }

    private static string Urn(string name) => $"urn:pulumi:test::postgres-ha::t:i:T::{name}";

    private static ResourceState Resource(string name, string id = "") => new() { Urn = Urn(name), IsCustom = true, Id = id };

    private static string Describe(ResourceState resource) => $"{resource.Name} {resource.Id}{(resource.Condemned ? " condemned" : "")}";

    private Task<StateStore> LoadAsync()
    {
        StateFiles.PrepareDirectory(_harness.StatePath);
        return StateStore.LoadAsync(_harness.Settings, new Ciphers(_harness.Settings), readOnly: false);
    }
}
