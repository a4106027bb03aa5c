using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Command.Remote.Inputs;
using Pulumi.Random;
using Pulumi.Testing;
using Pulumi.Utilities;

namespace PostgresHa.Tests.Engine;

/// <summary>The stand-in SDK: values that come later, resources and what a mock sees of them, as with the real packages.</summary>
public sealed class OutputTests
{
    [Fact]
    public async Task Apply_keeps_secrets_and_all_overloads_work()
    {
        var secret = Output.CreateSecret("a");
        Assert.True(await Output.IsSecretAsync(secret.Apply(value => value + "b")));
        Assert.Equal("ab", await OutputUtilities.GetValueAsync(secret.Apply(value => Task.FromResult(value + "b"))));
        Assert.Equal("ab", await OutputUtilities.GetValueAsync(secret.Apply(value => Output.Create(value + "b"))));
        Assert.Equal("ab", await OutputUtilities.GetValueAsync(secret.Apply(value => (Input<string>)(value + "b"))));
        Assert.True(await Output.IsSecretAsync(Output.Create("x").Apply(_ => secret)));
        Assert.False(await Output.IsSecretAsync(Output.Unsecret(secret)));
        Assert.True(await Output.IsSecretAsync(Output.Format($"{secret} and {1}")));
        Assert.Equal("a and 1", await OutputUtilities.GetValueAsync(Output.Format($"{secret} and {1}")));
        Assert.True(await Output.IsSecretAsync(Output.All(Output.Create("x"), secret)));
        Assert.Equal(("a", 2), await OutputUtilities.GetValueAsync(Output.Tuple(secret, Output.Create(2))));
        Assert.Contains("not supported", secret.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_values_are_not_looked_at()
    {
        var looked = false;
        var result = OutputUtilities.CreateUnknown("?").Apply(value =>
        {
            looked = true;
            return value;
        });
        Assert.False(await OutputUtilities.GetIsKnownAsync(result));
        Assert.False(looked);
        Assert.False(await OutputUtilities.GetIsKnownAsync(Output.All(Output.Create("x"), result)));
    }

    [Fact]
    public async Task Lists_and_maps_take_values_of_all_kinds()
    {
        InputList<string> list = ["a", Output.Create("b")];
        list.Add("c");
        Assert.Equal(["a", "b", "c", "d"], (await OutputUtilities.GetValueAsync(list.Concat(new[] { "d" }).ToOutput())).ToArray());
        InputMap<string> map = new() { { "one", "1" }, { "two", Output.CreateSecret("2") } };
        map["three"] = "3";
        Assert.Equal("2", (await OutputUtilities.GetValueAsync(map.ToOutput()))["two"]);
        Assert.Throws<NotSupportedException>(() => ((System.Collections.IEnumerable)list).GetEnumerator());
    }

    [Fact]
    public async Task A_mock_sees_type_name_and_inputs_with_secrets_unwrapped()
    {
        var mocks = new Mocks();
        var resources = await Deployment.TestAsync<SmallStack>(mocks, new TestOptions { IsPreview = false });
        Assert.Contains(resources, resource => resource.GetResourceName() == "project-stack");
        var command = mocks.Seen["reader"];
        Assert.Equal("command:remote:Command", command.Type);
        Assert.Equal("pass-of-password", command.Inputs["stdin"]);
        Assert.Equal("echo", command.Inputs["create"]);
        Assert.False(command.Inputs.ContainsKey("environment"));
        Assert.False(command.Inputs.ContainsKey("update"));
        var connection = Assert.IsType<ImmutableDictionary<string, object>>(command.Inputs["connection"]);
        Assert.Equal("10.0.12.9", connection["host"]);
        Assert.Equal(22.0, connection["port"]);
        Assert.Equal("key", connection["privateKey"]);
        Assert.Equal(["transformed by parent"], Assert.IsType<ImmutableArray<object>>(command.Inputs["triggers"]).ToArray());
    }

    [Fact]
    public async Task A_preview_knows_no_outputs_and_is_the_default()
    {
        var mocks = new Mocks { State = ImmutableDictionary<string, object>.Empty };
        await Deployment.TestAsync<SmallStack>(mocks);
        Assert.False(mocks.Seen["reader"].Inputs.ContainsKey("stdin"));
        Assert.True(mocks.WasDryRun);
    }

    [Fact]
    public async Task An_error_in_a_value_fails_the_run()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync(
            new Mocks(), new TestOptions(),
            () => { Output.Create(1).Apply(value => value > 0 ? throw new RunException("no such thing") : value); }));
        Assert.Contains("no such thing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_configuration_value_is_named()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync(
            new Mocks(), new TestOptions(), () => { new Config().Require("cluster"); }));
        Assert.Contains("project:cluster", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_input_that_is_missing_is_named()
    {
        var error = await Assert.ThrowsAsync<RunException>(() => Deployment.TestAsync(
            new Mocks(), new TestOptions(), () => { _ = new Command("bare", new CommandArgs { Create = "true" }); }));
        Assert.Contains("connection", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_depends_on_a_component_waits_for_its_children()
    {
        var mocks = new Mocks { Delay = name => name == "child" ? 200 : 0 };
        await Deployment.TestAsync(mocks, new TestOptions(), () =>
        {
            var group = new Group("group");
            var inner = new Group("inner", new ComponentResourceOptions { Parent = group });
            _ = new RandomPassword("child", new RandomPasswordArgs { Length = 8 }, new CustomResourceOptions { Parent = inner });
            _ = new RandomPassword("after", new RandomPasswordArgs { Length = 8 }, new CustomResourceOptions { DependsOn = { group } });
            _ = new RandomPassword("free", new RandomPasswordArgs { Length = 8 });
        });
        var order = mocks.Done.ToList();
        Assert.True(order.IndexOf("child") < order.IndexOf("after"));
        Assert.True(order.IndexOf("free") < order.IndexOf("child"));
    }

    [Fact]
    public async Task Without_an_engine_the_program_says_how_to_run_it()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => Deployment.RunAsync(() => { }));
        Assert.Contains("pulumi up", error.Message, StringComparison.Ordinal);
    }

    public sealed class SmallStack : Stack
    {
        public SmallStack()
        {
            var group = new Group("group", new ComponentResourceOptions
            {
                Parent = this,
                ResourceTransformations =
                {
                    args =>
                    {
                        if (args.Args is CommandArgs command)
                        {
                            command.Triggers = new object[] { "transformed by parent" };
                        }

                        return new ResourceTransformationResult(args.Args, args.Options);
                    },
                },
            });
            var password = new RandomPassword(
                "password", new RandomPasswordArgs { Length = 32 }, new CustomResourceOptions { Parent = this });
            _ = new Command(
                "reader",
                new CommandArgs
                {
                    Connection = new ConnectionArgs { Host = "10.0.12.9", PrivateKey = Output.CreateSecret("key") },
                    Create = "echo",
                    Stdin = password.Result.Apply(value => value),
                    Logging = Logging.None,
                },
                new CustomResourceOptions { Parent = group });
            Password = password.Result;
        }

        [Output("password")]
        public Output<string> Password { get; private set; }
    }

    private sealed class Mocks : IMocks
    {
        public ConcurrentDictionary<string, MockResourceArgs> Seen { get; } = new();

        public ConcurrentQueue<string> Done { get; } = new();

        public ImmutableDictionary<string, object>? State { get; init; }

        public Func<string, int> Delay { get; init; } = _ => 0;

        public bool WasDryRun { get; private set; }

        public async Task<(string? id, object state)> NewResourceAsync(MockResourceArgs args)
        {
            WasDryRun = Deployment.Instance.IsDryRun;
            Seen[args.Name!] = args;
            await Task.Delay(Delay(args.Name!));
            Done.Enqueue(args.Name!);
            return (args.Name + "-id", State ?? args.Inputs.SetItem("result", "pass-of-" + args.Name));
        }

        public Task<object> CallAsync(MockCallArgs args) => throw new NotSupportedException();
    }
}
