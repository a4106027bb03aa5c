namespace PostgresHa.Specification;

/// <summary>Linux network namespaces by the names that <c>ip netns</c> gives them.</summary>
public static class NetworkNamespace
{
    /// <summary>Folder in which <c>ip netns</c> keeps the named ones.</summary>
    public const string Folder = "/run/netns";

    /// <summary>Whether there is a namespace of that name.</summary>
    public static bool Exists(string name) => File.Exists($"{Folder}/{name}");

    /// <summary>Whether this process runs in the namespace of that name. False where there is none.</summary>
    public static bool IsCurrent(string name)
    {
        // A link's text is `net:[INODE]`; the mount table shows the same text as the root of the named namespace's mount.
        if (new FileInfo("/proc/self/ns/net").LinkTarget is not { } own || !File.Exists("/proc/self/mountinfo"))
        {
            return false;
        }

        return File.ReadLines("/proc/self/mountinfo")
            .Select(static line => line.Split(' '))
            .Any(
                fields =>
                    fields.Length > 4 && fields[3] == own && (fields[4] == $"{Folder}/{name}" || fields[4] == $"/var{Folder}/{name}"));
    }
}
