namespace PostgresHa.Lab;

/// <summary>
/// Namespaces and control groups have the machine's names, not the project's: one lab of a name at a time, one command at a time.
/// </summary>
internal static class LabLock
{
    /// <summary>Held until disposed, and by the kernel's doing no longer than the process lives.</summary>
    public static FileStream Take(string path) => TryTake(path)
        ?? throw new LabException($"another command is working on the lab ({path} is locked); wait until it has ended");

    /// <summary>The same, or null when another process holds it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Refuses to touch the lab of another copy of the project.</summary>
    public static void Claim(LabPaths paths, LabDefinition definition)
    {
        var owner = File.Exists(paths.Owner) ? File.ReadAllText(paths.Owner).Trim() : null;
        if (owner is not null && owner != paths.Runtime && Directory.Exists(owner))
        {
            throw new LabException(
                $"a lab named {definition.Name} belongs to {Path.GetDirectoryName(owner)}; take it down there first: ./pgha lab down");
        }

        File.WriteAllText(paths.Owner, paths.Runtime + "\n");
    }
}
