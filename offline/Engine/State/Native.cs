using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PostgresHa.Offline;

/// <summary>The two system calls that .NET has no member for.</summary>
internal static partial class Native
{
    private const int ReadOnly = 0;

    /// <summary>Makes renames in a folder last over a power cut.</summary>
    internal static void SyncDirectory(string path)
    {
        var descriptor = Open(path, ReadOnly);
        if (descriptor >= 0)
        {
            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            _ = Sync(descriptor);
        }
    }

    /// <summary>
    /// A file that exists in memory only and vanishes with its last user; null where the system has none. Others of the same user open it
    /// as <c>/proc/PID/fd/N</c>.
    /// </summary>
    internal static SafeFileHandle? CreateMemoryFile(string name)
    {
        try
        {
            var descriptor = MemoryFile(name, 1 /* close on exec */);
            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "memfd_create", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MemoryFile(string name, uint flags);
}
