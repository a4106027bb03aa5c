using System.Diagnostics;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>The programs that read our files, where the machine has them: the tests need nothing but the .NET SDK, and use what more there is.</summary>
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
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output + errors.Result;
    }

    /// <summary>Runs a program and expects it to end with 0.</summary>
    public static void Accepts(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
    }
}
