using System.Diagnostics;
using System.Text.Json;
using PostgresHa.Offline;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Random;

namespace PostgresHa.Tests.Engine;

/// <summary>Secrets in what is shown and in what is kept: in whatever form a program prints them.</summary>
[Collection("ssh")]
public sealed class MaskTests(SshServer server) : IDisposable
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Harness _harness = new();

    public static TheoryData<string> Secrets =>
        [
            "§", "7", "ab1", "pass1", "hunter22", "quote\"back\\slash", "it's", "a b/c?d&e", "pässwörd",
            "line one of it\nline two of it", "tab\tand<>&+",
        ];

    public void Dispose() => _harness.Dispose();

    [Theory]
    [MemberData(nameof(Secrets))]
    public void No_form_of_a_secret_is_left(string secret)
    {
        var mask = new SecretMask();
        mask.Add([secret]);
        foreach (var (form, text) in Forms(secret))
        {
            var masked = mask.Apply($"before: {text} :after");
            Assert.DoesNotContain(text, masked, StringComparison.Ordinal);
            Assert.True(
                masked.StartsWith("before: ", StringComparison.Ordinal) && masked.EndsWith(" :after", StringComparison.Ordinal),
                $"{form}: {masked}");
        }
    }

    [Fact]
    public void A_secret_in_base64_of_a_longer_text_is_masked_wherever_it_begins()
    {
        const string Secret = "correct-horse-battery";
        var mask = new SecretMask();
        mask.Add([Secret]);
        for (var before = 0; before < 7; before++)
        {
            var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(new string('x', before) + Secret + "suffix"));
            var masked = mask.Apply(encoded);
            Assert.Contains("[secret]", masked, StringComparison.Ordinal);
            // What is left beside the mask does not decode to more than the ends.
            Assert.DoesNotContain(masked.Replace("[secret]", " ", StringComparison.Ordinal).Split(' '), rest => rest.Length > before + 16);
        }
    }

    [Fact]
    public void A_short_secret_does_not_tear_words_apart()
    {
        var mask = new SecretMask();
        mask.Add(["ab", "", " \n"]);
        Assert.Equal("absent [secret]-[secret], cab: [secret]", mask.Apply("absent ab-ab, cab: ab"));
        Assert.Same("nothing here", mask.Apply("nothing here"));
    }

    [Fact]
    public void Many_secrets_cost_little()
    {
        var mask = new SecretMask();
        var secrets = Enumerable.Range(0, 500).Select(i => $"password-number-{i}-of-many").ToList();
        mask.Add(secrets);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 2000; i++)
        {
            mask.Apply("changed: /etc/patroni/patroni.yml is as it should be now, and nothing of it is secret");
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [SshFact]
    public async Task A_kept_password_is_masked_in_every_run()
    {
        void Program()
        {
            var password = new RandomPassword("password", new RandomPasswordArgs { Length = 20, Special = false });
            var args = Harness.Args(server, "cat; date +%N");
            args.Stdin = password.Result.Apply(value => value);
            args.Triggers = new object[] { Guid.NewGuid().ToString() };
            _ = new Command("echo", args);
            password.Result.Apply(value =>
            {
                Log.Info($"it is {value}");
                return value;
            });
        }

        for (var run = 0; run < 3; run++)
        {
            _harness.Recorder.Messages.Clear();
            var report = await _harness.Up(Program);
            Assert.True(report.Succeeded, _harness.Everything(report));
            Assert.Contains("it is [secret]", _harness.Recorder.Messages);
            Assert.Contains(_harness.Recorder.Lines, line => line.StartsWith("[secret]", StringComparison.Ordinal));
        }

        await _harness.Preview(Program);
        Assert.Equal("it is [secret]", _harness.Recorder.Messages.Last());
    }

    [SshFact]
    public async Task What_a_command_echoes_is_not_plain_in_the_state()
    {
        const string Secret = "echoed-secret-value";
        void Program()
        {
            var args = Harness.Args(server, "read -r s; echo \"got $s\"; printf %s \"$s\" | base64 >&2");
            args.Stdin = Output.CreateSecret(Secret + "\n");
            _ = new Command("echo", args);
        }

        Assert.True((await _harness.Up(Program)).Succeeded);
        var state = await File.ReadAllTextAsync(_harness.StatePath);
        Assert.DoesNotContain(Secret, state, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Secret)), state, StringComparison.Ordinal);
        Assert.Equal(StepOperation.Same, (await _harness.Up(Program)).Of("echo"));
    }

    private static IEnumerable<(string Form, string Text)> Forms(string secret)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(secret);
        yield return ("plain", secret);
        yield return ("JSON", JsonSerializer.Serialize(secret)[1..^1]);
        yield return ("JSON, as little as needed", JsonSerializer.Serialize(secret, Relaxed)[1..^1]);
        yield return ("base64", Convert.ToBase64String(bytes));
        yield return ("base64 of echo", Convert.ToBase64String([.. bytes, (byte)'\n']));
        yield return ("base64 for URLs", Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_').TrimEnd('='));
        yield return ("URL", Uri.EscapeDataString(secret));
        yield return ("shell", secret.Replace("'", "'\\''", StringComparison.Ordinal));
        yield return ("SQL", secret.Replace("'", "''", StringComparison.Ordinal));
    }
}
