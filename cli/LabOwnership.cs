using System.Globalization;
using System.Runtime.InteropServices;

namespace PostgresHa.Cli;

/// <summary>
/// The lab takes root, its preview does not: whoever brought the lab up with sudo is given the few files that a preview reads.
/// </summary>
internal static partial class LabOwnership
{
    /// <summary>Gives state, passphrase and private key to the user who ran sudo; nothing where nobody did.</summary>
    public static void HandOver(LabContext lab)
    {
        if (!Environment.IsPrivilegedProcess || Number("SUDO_UID") is not { } user || Number("SUDO_GID") is not { } group)
        {
            return;
        }

        var state = Path.GetDirectoryName(lab.StateFile)!;
        foreach (var path in (IEnumerable<string>)
        [
            lab.Paths.Passphrase,
            lab.Paths.SshKey,
            state,
            .. Directory.Exists(state) ? Directory.EnumerateFiles(state) : [],
        ])
        {
            // What is not there, or may not be given away, is of no harm: the preview then says what it cannot read.
            _ = ChangeOwner(path, user, group);
        }
    }

    private static uint? Number(string variable) =>
        uint.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            ? number
            : null;

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
