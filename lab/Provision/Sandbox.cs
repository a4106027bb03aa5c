namespace PostgresHa.Lab.Provision;

/// <summary>
/// Where file systems are made: inside the lab's network, with mounts and processes of their own, so that an end at any moment leaves
/// neither behind.
/// </summary>
internal static class Sandbox
{
    public static IReadOnlyList<string> Wrap(LabNetwork network, IReadOnlyList<string> command) =>
        network.Inside(["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc", "--", .. command]);
}
