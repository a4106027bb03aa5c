using System.Diagnostics;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>
/// The programs that read our files, where the machine has them: the tests need nothing but the .NET SDK, and use what more there is.
/// </summary>
internal static class Programs
{
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin", "/usr/local/sbin"];

    /// <summary>Path of a program that <see cref="ProgramFactAttribute"/> has seen.</summary>
    public static string Path(string name) => Find(name) ?? throw new InvalidOperationException($"{name} is not installed");

    /// <summary>Path of a program, or null.</summary>
    public static string? Find(string name) => Folders.Select(folder => System.IO.Path.Join(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>What a program prints, however it ends.</summary>
    public static string Output(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }

    /// <summary>Whether the machine's Python can import a module.</summary>
    public static bool HasPythonModule(string module)
    {
        if (Find("python3") is not { } python)
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(python, ["-c", "import " + module]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>What a program prints for the given input; it must end with 0.</summary>
    public static byte[] Answer(string program, byte[] input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // As on a host whose locale nobody has set.
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        var copied = process.StandardOutput.BaseStream.CopyToAsync(output);
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        copied.Wait();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{errors.Result}");
        return output.ToArray();
    }

    /// <summary>Runs a program and expects it to end with 0.</summary>
    public static void Accepts(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
    }
}
