using System.CommandLine;
using System.Globalization;

namespace PostgresHa.Cli.Commands;

/// <summary><c>pgha render</c>.</summary>
public static class RenderCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var stack = CommonOptions.Stack();
        var output = new Option<string>("--out", "-o")
        {
            Description = "Folder to write to: DIR/HOST/PATH.",
            HelpName = "DIR",
            Required = true,
        };
        var command = new Command(
            "render", "Write each file as it would reach each host, with stand-ins for the passwords. Needs no network and no state.")
        {
            stack, output,
        };
        command.SetAction(async (result, cancellation) =>
        {
            // Before the current folder becomes the project's.
            var folder = OutputPath.Folder(output.Name, result.GetValue(output)!);
            var context = StackContext.Load(
                Project.Find(result.GetValue(CommonOptions.Project)), CommonOptions.StackName(result, stack), withoutLab: true);
            var files = FileRenderer.Render(context.Specification, context.FullName);
            await OutputPath.WriteAsync(output.Name, async () =>
            {
                foreach (var file in files)
                {
                    var path = Path.Join(folder, file.Host, file.Path);
                    Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                    await File.WriteAllTextAsync(path, file.Content, cancellation);
                }
            });

            var hosts = files.Select(static file => file.Host).Distinct().Count();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Count} files of {hosts} hosts written to {folder}"));
            return 0;
        });
        return command;
    }
}
