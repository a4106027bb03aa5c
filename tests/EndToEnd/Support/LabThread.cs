using System.Runtime.InteropServices;

namespace PostgresHa.EndToEnd.Support;

/// <summary>
/// Runs code on a thread of its own inside the lab's network. Only synchronous code: another thread would be outside again.
/// </summary>
public static partial class LabThread
{
    private const int NetworkNamespaces = 0x40000000;

    /// <summary>Runs to the end.</summary>
    public static T Run<T>(Func<T> code)
    {
        T result = default!;
        Exception? failure = null;
        var thread = Start(() =>
        {
            try
            {
                result = code();
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException("in the lab's network: " + failure.Message, failure);
    }

    /// <summary>Starts and leaves it running.</summary>
    /// <param name="code">What is run.</param>
    /// <param name="host">
    /// The host whose network it runs in, for what only peers may ask; null for the lab's own, where clients are.
    /// </param>
    public static Thread Start(Action code, string? host = null)
    {
        var thread = new Thread(() =>
        {
            using var handle = File.OpenHandle("/run/netns/" + (host is null ? LabFixture.NetworkNamespace : LabFixture.NamespaceOf(host)));
            if (SetNamespace(handle, NetworkNamespaces) != 0)
            {
                throw new InvalidOperationException("setns: " + Marshal.GetLastPInvokeErrorMessage());
            }

            code();
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeHandle handle, int kind);
}
