using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PostgresHa.Offline;

/// <summary>
/// Changes of the state since its file was last written, one a line, so that a step costs what it changed and not the whole state. The
/// first line names the state file's serial. A line counts once it is whole: each begins with a part of its own hash, and what a crash cut
/// off at the end is a change that nobody was told of.
/// </summary>
internal sealed class StateJournal(string path)
{
    private const int HashLength = 16;

    // Up to here every line is whole.
    private long _length;

    internal static string PathOf(string statePath) => statePath + ".journal";

    /// <summary>The serial and the changes of a journal; null when it has not even one whole line.</summary>
    /// <exception cref="JsonException">A line before the end is damaged.</exception>
    internal static (long Serial, IReadOnlyList<JsonElement> Changes)? Read(byte[] content)
    {
        var lines = new List<JsonElement>();
        var rest = content.AsSpan();
        var cut = false;
        while (rest.IndexOf((byte)'\n') is var end and >= 0)
        {
            var line = rest[..end];
            rest = rest[(end + 1)..];
            if (line.Length <= HashLength || !Encoding.ASCII.GetBytes(Hash(line[HashLength..])).AsSpan().SequenceEqual(line[..HashLength]))
            {
                cut = true;
                continue;
            }

            if (cut)
            {
                throw new JsonException($"line {lines.Count + 1} of the journal is cut off");
            }

            using var document = JsonDocument.Parse(line[HashLength..].ToArray());
            lines.Add(document.RootElement.Clone());
        }

        return lines.Count == 0 ? null : (StateSerializer.Serial(lines[0]), lines[1..]);
    }

    /// <summary>Adds a change; it is on disk when this returns. What fails leaves no half line behind it.</summary>
    internal void Append(byte[] change, long serial)
    {
        var begins = _length == 0;
        var head = begins ? Line(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, long> { ["serial"] = serial })) : [];
        byte[] lines = [.. head, .. Line(change)];
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        });
        if (file.Length < _length)
        {
            throw new IOException("Its journal was removed or cut while the run went on.");
        }

        file.SetLength(_length);
        file.Position = _length;
        file.Write(lines);
        file.Flush(flushToDisk: true);
        if (begins)
        {
            Native.SyncDirectory(Path.GetDirectoryName(path)!);
        }

        _length += lines.Length;
    }

    /// <summary>Removes it, once all of it is in the state file.</summary>
    internal void Remove()
    {
        _length = 0;
        File.Delete(path);
    }

    private static byte[] Line(byte[] json) => [.. Encoding.ASCII.GetBytes(Hash(json)), .. json, (byte)'\n'];

    private static string Hash(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json))[..HashLength];
}
