namespace PostgresHa.Lab;

/// <summary>
/// The lab's shell and Python scripts: files in the sources, carried inside the assembly, unpacked into the runtime directory.
/// </summary>
internal static class Scripts
{
    private const string Prefix = "scripts/";

    /// <summary>Writes all scripts into a folder.</summary>
    public static async Task UnpackAsync(string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        foreach (var name in Names())
        {
            await AtomicFile.WriteAsync(Path.Combine(folder, name[Prefix.Length..]), Read(name), cancellation);
        }
    }

    /// <summary>One script's text.</summary>
    public static string Text(string name) => Read(Prefix + name);

    private static IEnumerable<string> Names() =>
        typeof(Scripts).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Scripts).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the assembly carries no {name}"));
        return reader.ReadToEnd();
    }
}
