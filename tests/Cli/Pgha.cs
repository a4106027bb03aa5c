using System.Diagnostics;
using PostgresHa.Cli;

namespace PostgresHa.Tests.Cli;

/// <summary>The program as it is started.</summary>
internal static class Pgha
{
    /// <summary>The passphrase that it finds in its environment.</summary>
    public const string Passphrase = "for a test";

    /// <summary>Runs it in the repository.</summary>
    public static (int Code, string Output, string Error, string All) Run(params string[] arguments) => RunIn(Repository(), arguments);

    /// <summary>Runs it in a folder.</summary>
    public static (int Code, string Output, string Error, string All) RunIn(string folder, params string[] arguments)
    {
        var program = typeof(CommandLine).Assembly.Location;
        var info = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment.Remove("PGHA_STACK");
        info.Environment["PGHA_HOME"] = Repository();
        info.Environment.Remove("PGHA_DEBUG");
        info.Environment["PULUMI_CONFIG_PASSPHRASE"] = Passphrase;
        using var process = Process.Start(info)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), "it did not end");
        return (process.ExitCode, output, error.Result, output + error.Result);
    }

    /// <summary>The folder of the repository.</summary>
    public static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Pulumi.yaml")))
        {
            folder = folder.Parent;
        }

        return folder!.FullName;
    }
}
