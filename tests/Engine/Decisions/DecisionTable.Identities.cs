using Pulumi;

namespace PostgresHa.Tests.Engine.Decisions;

/// <content>Which old resource is which new one, and what of it is secret.</content>
public static partial class DecisionTable
{
    private static Decision[] Identities =>
    [
        new(
            "an alias is the same resource under another name",
            Generator + "getOldResource",
            bench => bench.Command("a"),
            bench => bench.Command("b", Was(new Alias { Name = "a" }), more: SameAs("a", bench)))
        {
            Steps = ["b Same"],
        },
        new("a whole URN is an alias", Generator + "collapseAliasToUrn", bench => bench.Command("a"),
            bench => bench.Command(
                "b", Was(new Alias { Urn = "urn:pulumi:test::postgres-ha::command:remote:Command::a" }), more: SameAs("a", bench)))
        {
            Steps = ["b Same"],
        },
        new("an alias says who the parent was", Generator + "collapseAliasToUrn (NoParent)", bench => bench.Command("a"),
            bench => bench.Command("a", Child(new Group("group"), new Alias { NoParent = true })))
        {
            Steps = ["a Same"],
        },
        new(
            "a parent's alias holds for its children, named after it or not, and for theirs",
            Generator + "generateAliases, inheritedChildAlias",
            bench =>
            {
                var group = new Group("old");
                bench.Command("old-a", Child(group), more: SameAs("a", bench));
                bench.Command("b", Child(group));
                bench.Command(
                    "old-inner-c",
                    Child(new Group("old-inner", new ComponentResourceOptions { Parent = group })),
                    more: SameAs("c", bench));
            },
            bench =>
            {
                var group = new Group("new", new ComponentResourceOptions { Aliases = { new Alias { Name = "old" } } });
                bench.Command("new-a", Child(group), more: SameAs("a", bench));
                bench.Command("b", Child(group));
                bench.Command(
                    "new-inner-c",
                    Child(new Group("new-inner", new ComponentResourceOptions { Parent = group })),
                    more: SameAs("c", bench));
            })
        {
            Steps = ["new-a Same", "b Same", "new-inner-c Same"],
        },
        new("a moved parent's children move with it", Generator + "generateAliases, inheritedChildAlias",
            bench => bench.Command("a", Child(new Group("inner"))),
            bench => bench.Command(
                "a",
                Child(new Group(
                    "inner", new ComponentResourceOptions { Parent = new Group("outer"), Aliases = { new Alias { NoParent = true } } }))))
        {
            Steps = ["a Same"],
        },
        new("a child's own alias goes with its parent's", Generator + "generateAliases",
            bench => bench.Command("a", Child(new Group("old"))),
            bench => bench.Command(
                "b",
                Child(
                    new Group("new", new ComponentResourceOptions { Aliases = { new Alias { Name = "old" } } }), new Alias { Name = "a" }),
                more: SameAs("a", bench)))
        {
            Steps = ["b Same"],
        },
        new(
            "a run that broke off after the parent was renamed",
            "pkg/resource/deploy/snapshot.go, NormalizeURNReferences; ours remembers the parent's alias",
            bench => bench.Command("old-a", Child(new Group("old")), more: SameAs("a", bench)),
            bench =>
            {
                _ = new Group("new", new ComponentResourceOptions { Aliases = { new Alias { Name = "old" } } });
                bench.Command("z", fails: true);
            })
        {
            Succeeds = false, Ran = ["create z"],
            Then = bench => bench.Command(
                "new-a",
                Child(new Group("new", new ComponentResourceOptions { Aliases = { new Alias { Name = "old" } } })),
                more: SameAs("a", bench)),
            Finally = ["create z"],
        },
        new(
            "two resources do not share one alias", Generator + "getOldResource (GetDuplicateResourceAliasError)",
            bench => bench.Command("a"),
            bench =>
            {
                bench.Command("b", Was(new Alias { Name = "a" }), more: SameAs("a", bench));
                bench.Command("c", Was(new Alias { Name = "a" }), more: SameAs("a", bench));
            })
        {
            Succeeds = false, Says = "by its alias",
        },
        new(
            "an alias is not another resource of the program", Generator + "getOldResource (GetDuplicateResourceAliasedError)",
            bench => bench.Command("a"),
            bench =>
            {
                bench.Command("b", Was(new Alias { Name = "a" }), more: SameAs("a", bench));
                bench.Command("a");
            })
        {
            Succeeds = false, Says = "alias",
        },
        new("no resource is declared twice", Generator + "generateURN (GetDuplicateResourceURNError)", bench => bench.Command("a"), bench =>
        {
            bench.Command("a");
            bench.Command("a");
        })
        {
            Succeeds = false, Says = "declared twice",
        },
    ];

    private static Decision[] Secrets =>
    [
        new(
            "an input that became secret is encrypted, though nothing is done",
            "pkg/engine/journal_snapshot.go, mustWrite (Inputs.DeepEquals)",
            bench => bench.Command("a", stdin: "once-plain"), bench => bench.Command("a", stdin: Output.CreateSecret("once-plain")))
        {
            Steps = ["a Same"], Hides = "once-plain",
        },
        new("so is one entry of a map, beside another secret", Executor + "continueExecuteStep; ours looks into maps too",
            bench => bench.Command(
                "a", more: args => args.Environment = new() { ["ONE"] = Output.CreateSecret("first"), ["TWO"] = "once-plain" }),
            bench => bench.Command(
                "a",
                more: args => args.Environment = new() { ["ONE"] = Output.CreateSecret("first"), ["TWO"] = Output.CreateSecret(
                    "once-plain") }))
        {
            Steps = ["a Same"], Hides = "once-plain",
        },
        new("so is an input whose change is ignored", Generator + "processIgnoreChanges; ours keeps the new secretness",
            bench => bench.Command("a", stdin: "once-plain"),
            bench => bench.Command("a", new CustomResourceOptions { IgnoreChanges = ["stdin"] }, stdin: Output.CreateSecret("other")))
        {
            Steps = ["a Same"], Hides = "once-plain",
        },
        new("an output that became secret is encrypted, though nothing is done", Executor + "continueExecuteStep (AdditionalSecretOutputs)",
            bench => bench.Command("a", more: args => args.Create = "echo printed-$((41 + 1))"),
            bench => bench.Command(
                "a",
                new CustomResourceOptions { AdditionalSecretOutputs = ["stdout"] },
                more: args => args.Create = "echo printed-$((41 + 1))"))
        {
            Steps = ["a Same"], Hides = "printed-42",
        },
    ];
}
