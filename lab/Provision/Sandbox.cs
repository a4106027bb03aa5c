namespace PostgresHa.Lab.Provision;

/// <summary>
/// Where file systems are made: inside the lab's network, with mounts and processes of their own, in a control group of their own. So an
/// end at any moment leaves no mount behind, and what still runs of a killed command is found.
/// </summary>
internal sealed class Sandbox(LabNetwork network)
{
    // Of the cache, which all labs of the machine share; whoever holds its lock may use the group.
    private readonly ControlGroups _groups = new("pgha-build");

    /// <summary>A command wrapped so that it runs there.</summary>
    public IReadOnlyList<string> Wrap(IReadOnlyList<string> command)
    {
        ControlGroups.Create(_groups.Root);
        return
        [
            "bash", "-c", "echo $$ >\"$0\" && exec \"$@\"", Path.Combine(_groups.Root, "cgroup.procs"),
            .. network.Inside(
                ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc", "--", .. command]),
        ];
    }

    /// <summary>Ends what a killed command left running. The cache's lock must be held.</summary>
    public Task ClearAsync(CancellationToken cancellation) => _groups.RemoveAsync(cancellation);
}
