using Pulumi;

namespace PostgresHa.Tests.Engine.Decisions;

/// <summary>
/// What the engine decides, beside the source in which Pulumi's decides it (pulumi/pulumi, paths below its root, read at 3.260; SDK:
/// pulumi/pulumi-dotnet).
/// </summary>
public static partial class DecisionTable
{
    private const string Generator = "pkg/resource/deploy/step_generator.go, ";
    private const string Step = "pkg/resource/deploy/step.go, ";
    private const string Executor = "pkg/resource/deploy/step_executor.go, ";

    public static IReadOnlyList<Decision> All => [.. Changes, .. Replacements, .. Deletions, .. Identities, .. Secrets, .. Refused];

    private static Decision[] Changes =>
    [
        new("what is new is created", Generator + "continueStepsFromImport (case 4)", _ => { }, bench => bench.Command("a", stdin: "x"))
        {
            Steps = ["a Create"], Ran = ["create a x"],
        },
        new(
            "what is the same is left alone",
            Generator + "continueStepsFromDiff (no steps: same)",
            bench => bench.Command("a", stdin: "x"),
            bench => bench.Command("a", stdin: "x"))
        {
            Steps = ["a Same"],
        },
        new(
            "a changed input is an update",
            Generator + "continueStepsFromDiff (update)",
            bench => bench.Command("a", stdin: "x"),
            bench => bench.Command("a", stdin: "y"))
        {
            Steps = ["a Update"], Ran = ["update a y"],
        },
        new("a failed creation is not recorded", Step + "CreateStep.Apply", bench => bench.Command("a", fails: true), bench =>
        {
            bench.Mend();
            bench.Command("a", fails: true);
        })
        {
            FirstSucceeds = false, Steps = ["a Create"], Ran = ["create a"],
        },
        new("an ignored change keeps the old value, also in an update for another cause", Generator + "processIgnoreChanges",
            bench => bench.Command("a", stdin: "old"),
            bench => bench.Command(
                "a", new CustomResourceOptions { IgnoreChanges = ["stdin"] }, stdin: "new", more: args => args.Delete = "true"))
        {
            Steps = ["a Update"], Ran = ["update a old"],
        },
        new("an ignored change alone is none", Generator + "processIgnoreChanges",
            bench => bench.Command("a", stdin: "old"),
            bench => bench.Command("a", new CustomResourceOptions { IgnoreChanges = ["stdin"] }, stdin: "new"))
        {
            Steps = ["a Same"],
        },
        new("a path in ignoreChanges reaches into a map", "sdk/go/common/resource/properties_path.go, PropertyPath.Reset",
            bench => bench.Command("a", more: args => args.Environment = new() { ["LANG"] = "C", ["TERM"] = "dumb" }),
            bench => bench.Command(
                "a",
                new CustomResourceOptions { IgnoreChanges = ["environment.LANG"] },
                more: args => args.Environment = new() { ["LANG"] = "POSIX", ["TERM"] = "dumb" }))
        {
            Steps = ["a Same"],
        },
        new("what else changed in the map is a change", "sdk/go/common/resource/properties_path.go, PropertyPath.Reset",
            bench => bench.Command("a", more: args => args.Environment = new() { ["LANG"] = "C", ["TERM"] = "dumb" }),
            bench => bench.Command(
                "a",
                new CustomResourceOptions { IgnoreChanges = ["environment.LANG"] },
                more: args => args.Environment = new() { ["LANG"] = "C", ["TERM"] = "xterm" }))
        {
            Steps = ["a Update"], Ran = ["update a"],
        },
        new("a creation ignores nothing", Generator + "continueStepsFromImport (old == nil)", _ => { },
            bench => bench.Command("a", new CustomResourceOptions { IgnoreChanges = ["stdin"] }, stdin: "new"))
        {
            Steps = ["a Create"], Ran = ["create a new"],
        },
        new("another dependency alone is only recorded", "pkg/engine/journal_snapshot.go, sameSnapshotMutation.mustWrite",
            bench =>
            {
                bench.Command("a");
                bench.Command("b");
            },
            bench => bench.Command("b", new CustomResourceOptions { DependsOn = { bench.Command("a") } }))
        {
            Steps = ["a Same", "b Same"],
        },
    ];

    private static Decision[] Replacements =>
    [
        new(
            "a changed trigger makes a new one first and deletes the old one last",
            Generator + "continueStepsFromDiff (create before delete)",
            bench => bench.Command("a", trigger: "1"),
            bench => bench.Command("b", new CustomResourceOptions { DependsOn = { bench.Command("a", trigger: "2") } }))
        {
            Steps = ["a Replace", "b Create", "a Delete"], Ran = ["create a", "create b", "delete a"], InOrder = true, Previewed = false,
        },
        new("any other input of a password makes another", "pulumi/pulumi-random, RandomPassword (every input forces a new one)",
            bench => Bench.Password("p", 8), bench => Bench.Password("p", 9))
        {
            Steps = ["p Replace", "p Delete"], Previewed = false,
        },
        new("replaceOnChanges makes a change of that input a replacement", Generator + "applyReplaceOnChanges",
            bench => bench.Command("a", stdin: "x"),
            bench => bench.Command("a", new CustomResourceOptions { ReplaceOnChanges = ["stdin"] }, stdin: "y"))
        {
            Steps = ["a Replace", "a Delete"], Ran = ["create a y", "delete a x"], Previewed = false,
        },
        new("a path in replaceOnChanges means no more than it says", Generator + "applyReplaceOnChanges",
            bench => bench.Command("a", more: args => args.Environment = new() { ["LANG"] = "C", ["TERM"] = "dumb" }),
            bench => bench.Command(
                "a",
                new CustomResourceOptions { ReplaceOnChanges = ["environment.LANG"] },
                more: args => args.Environment = new() { ["LANG"] = "C", ["TERM"] = "xterm" }))
        {
            Steps = ["a Update"], Ran = ["update a"],
        },
        new("what is made anew ignores no change", Generator + "continueStepsFromDiff (new.Inputs from goal.Properties)",
            bench => bench.Command("a", stdin: "old", trigger: "1"),
            bench => bench.Command("a", new CustomResourceOptions { IgnoreChanges = ["stdin"] }, stdin: "new", trigger: "2"))
        {
            Steps = ["a Replace", "a Delete"], Ran = ["create a new", "delete a old"], InOrder = true, Previewed = false,
        },
        new("deleteBeforeReplace deletes first", Generator + "continueStepsFromDiff (delete before create)",
            bench => bench.Command("a", trigger: "1"), bench => bench.Command("a", First, trigger: "2"))
        {
            Steps = ["a Replace"], Ran = ["delete a", "create a"], InOrder = true,
        },
        new("deleted first and not made: the next run does not delete again", Step + "DeleteStep.Apply (PendingReplacement)",
            bench =>
            {
                bench.Mend();
                bench.Command("a", trigger: "1", fails: true);
            },
            bench =>
            {
                bench.Break();
                bench.Command("a", First, trigger: "2", fails: true);
            })
        {
            Succeeds = false, Ran = ["delete a", "create a"],
            Then = bench =>
            {
                Assert.Equal(["delete a", "create a"], bench.Ran());
                bench.Mend();
                bench.Command("a", First, trigger: "2", fails: true);
            },
            Finally = ["delete a", "create a", "create a"],
        },
        new("deleted first, not made, and then not wanted: nothing is deleted again", Step + "RemovePendingReplaceStep",
            bench =>
            {
                bench.Mend();
                bench.Command("a", trigger: "1", fails: true);
            },
            bench =>
            {
                bench.Break();
                bench.Command("a", First, trigger: "2", fails: true);
            })
        {
            Succeeds = false, Ran = ["delete a", "create a"], Then = _ => { }, Finally = ["delete a", "create a"],
        },
        new("what is retained is not deleted before it is replaced either", Step + "DeleteStep.Apply (RetainOnDelete)",
            bench => bench.Command("a", new CustomResourceOptions { RetainOnDelete = true }, trigger: "1"),
            bench => bench.Command("a", new CustomResourceOptions { RetainOnDelete = true, DeleteBeforeReplace = true }, trigger: "2"))
        {
            Steps = ["a Replace"], Ran = ["create a"],
        },
        new("a protected resource is not replaced", Generator + "continueStepsFromDiff (new.Protect && old.Protect)",
            bench => bench.Command("a", Protected, trigger: "1"), bench => bench.Command("a", Protected, trigger: "2"))
        {
            Succeeds = false, Says = "a is protected and would have to be replaced (triggers changed)",
            Then = bench => bench.Command("a", Protected, trigger: "1"),
        },
        new(
            "it is, once it is protected no more",
            Generator + "continueStepsFromDiff (new.Protect && old.Protect); DeleteStep.Apply (replacing)",
            bench => bench.Command("a", Protected, trigger: "1"), bench => bench.Command("a", trigger: "2"))
        {
            Steps = ["a Replace", "a Delete"], Ran = ["create a", "delete a"], InOrder = true, Previewed = false,
        },
    ];

    private static Decision[] Deletions =>
    [
        new("what left the program is deleted, dependents first", Generator + "GenerateDeletes, ScheduleDeletes",
            bench => bench.Command("b", new CustomResourceOptions { DependsOn = { bench.Command("a") } }), _ => { })
        {
            Steps = ["a Delete", "b Delete"], Ran = ["delete b", "delete a"], InOrder = true,
        },
        new(
            "what is retained is only forgotten",
            Step + "DeleteStep.Apply (RetainOnDelete)",
            bench => bench.Command("a", new CustomResourceOptions { RetainOnDelete = true }),
            _ => { })
        {
            Steps = ["a Delete"],
        },
        new("a parent's retention holds for its children", "pkg/resource/deploy/source_eval.go, inheritFromParent",
            bench => bench.Command(
                "a",
                new CustomResourceOptions { Parent = new Group(
                    "group", new ComponentResourceOptions { RetainOnDelete = true }) }), _ => { })
        {
            Steps = ["a Delete"],
        },
        new("what is protected is not deleted", Step + "DeleteStep.Apply (deleteProtectedError); ours then deletes nothing else either",
            bench => bench.Command("a", Protected), _ => { })
        {
            Succeeds = false, Says = "Protected and therefore not deleted: a",
        },
        new("a parent's protection holds for its children", "SDK: sdk/Pulumi/Resources/Resource.cs, constructor (Protect)",
            bench => bench.Command(
                "a", new CustomResourceOptions { Parent = new Group("group", new ComponentResourceOptions { Protect = true }) }), _ => { })
        {
            Succeeds = false, Says = "Protected and therefore not deleted",
        },
        new("nothing is deleted after a failure", "pkg/resource/deploy/deployment_executor.go, Execute (deletes come last)",
            bench => bench.Command("a"), bench => bench.Command("b", fails: true))
        {
            Succeeds = false, Ran = ["create b"],
        },
    ];

    private static Decision[] Refused =>
    [
        .. new (string Name, Func<Bench, CustomResourceOptions> Options)[]
        {
            ("deletedWith", bench => new CustomResourceOptions { DeletedWith = bench.Command("other") }),
            ("customTimeouts", _ => new CustomResourceOptions { CustomTimeouts = new CustomTimeouts { Create = TimeSpan.FromMinutes(1) } }),
            ("import", _ => new CustomResourceOptions { ImportId = "abc" }),
            ("id", _ => new CustomResourceOptions { Id = "abc" }),
            ("version", _ => new CustomResourceOptions { Version = "1.0.0" }),
            ("pluginDownloadURL", _ => new CustomResourceOptions { PluginDownloadURL = "https://example.org" }),
        }.Select(option => new Decision(
            $"the option {option.Name} is refused", "not carried out by ours", bench => bench.Command("other"), bench =>
        {
            var options = option.Options(bench);
            bench.Command("a", options);
        })
        {
            Succeeds = false, Says = $"does not carry out the option {option.Name}",
        }),
        new("a path that is none is refused", "not carried out by ours; Pulumi ignores it", _ => { },
            bench => bench.Command("a", new CustomResourceOptions { IgnoreChanges = ["environment["] }))
        {
            Succeeds = false, Says = "not the path of an input",
        },
        new(
            "deleteBeforeReplace is refused where dependents would be replaced too",
            Generator + "calculateDependentReplacements; not carried out by ours",
            bench => bench.Command("b", new CustomResourceOptions { DependsOn = { bench.Command("a", trigger: "1") } }, trigger: "x"),
            bench => bench.Command(
                "b", new CustomResourceOptions { DependsOn = { bench.Command("a", First, trigger: "2") } }, trigger: "x"))
        {
            Succeeds = false, Says = "the offline engine does not do that",
        },
    ];

    private static CustomResourceOptions First => new() { DeleteBeforeReplace = true };

    private static CustomResourceOptions Protected => new() { Protect = true };

    private static CustomResourceOptions Was(params Alias[] aliases) => new()
    {
        Aliases = [.. aliases.Select(alias => (Input<Alias>)alias)],
    };

    private static CustomResourceOptions Child(Resource parent, params Alias[] aliases) =>
        new() { Parent = parent, Aliases = [.. aliases.Select(alias => (Input<Alias>)alias)] };

    // The same inputs, whatever the resource is called.
    private static Action<Pulumi.Command.Remote.CommandArgs> SameAs(string name, Bench bench) => args => bench.Name(args, name);
}
