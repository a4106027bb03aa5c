using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PostgresHa.Lab.Repository;

/// <summary>The package repository's own process: it outlives the command that brought the lab up.</summary>
internal static class RepositoryProgram
{
    /// <summary>Serves until it is ended.</summary>
    /// <param name="arguments">Path of the settings; or <c>time</c> and an address to serve the time at.</param>
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["time", var address])
        {
            return await TimeServer.RunAsync(address);
        }

        if (arguments.Length != 1)
        {
            await Console.Error.WriteLineAsync("This is a part of the lab. Run: ./pgha lab up");
            return 2;
        }

        var settings = JsonSerializer.Deserialize<RepositorySettings>(await File.ReadAllTextAsync(arguments[0]), RepositorySettings.Json)
            ?? throw new LabException($"{arguments[0]} is empty");
        File.Delete(settings.Socket);
        using var cache = new ArchiveCache(settings);

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(settings.Socket));
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning);
        await using var application = builder.Build();
        application.Run(context => ServeAsync(context, settings, cache));
        await application.RunAsync();
        return 0;
    }

    private static async Task ServeAsync(HttpContext context, RepositorySettings settings, ArchiveCache cache)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        var (section, rest) = Split(request.Path.Value ?? "/");
        var path = ArchivePath.Normalise(rest);
        var answer = section switch
        {
            "build" => Results.Text(settings.Build),
            "sources" => FileIn(settings.Sources, path),
            "artefacts" => FileIn(settings.Artefacts, path),
            "simple" => Python(Directory.Exists(settings.Wheels) ? Directory.GetDirectories(settings.Wheels) : [], rest, path),
            _ => await PackageAsync(section, path, settings, cache, context.RequestAborted),
        };
        await answer.ExecuteAsync(context);
    }

    private static async Task<IResult> PackageAsync(
        string archive, string? path, RepositorySettings settings, ArchiveCache cache, CancellationToken cancellation)
    {
        if (path is null || !(settings.Archives.ContainsKey(archive) || Directory.Exists(Path.Combine(settings.Packages, archive))))
        {
            return Results.NotFound();
        }

        try
        {
            var file = await cache.FindAsync(archive, path, cancellation);
            return file is null ? Results.NotFound() : Send(file);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"{archive}/{path}: {error.Message}");
            return Results.StatusCode(StatusCodes.Status502BadGateway);
        }
    }

    private static IResult Python(IReadOnlyList<string> folders, string rest, string? path)
    {
        if (path is null)
        {
            return Results.Text(
                PythonIndex.Projects(folders.SelectMany(Directory.EnumerateFiles).Select(file => Path.GetFileName(file))), "text/html");
        }

        var parts = path.Split('/');
        return parts.Length switch
        {
            1 when !rest.EndsWith('/') => Results.Redirect($"/simple/{Uri.EscapeDataString(parts[0])}/"),
            1 => PythonIndex.Files(folders, parts[0]) is { } page ? Results.Text(page, "text/html") : Results.NotFound(),
            2 => folders.Select(folder => Path.Combine(folder, parts[1])).FirstOrDefault(File.Exists) is { } file
                ? Send(file)
                : Results.NotFound(),
            _ => Results.NotFound(),
        };
    }

    private static IResult FileIn(string folder, string? path) =>
        path is not null && Path.Combine(folder, path) is var file && File.Exists(file) ? Send(file) : Results.NotFound();

    private static IResult Send(string file) =>
        Results.File(file, "application/octet-stream", lastModified: File.GetLastWriteTimeUtc(file), enableRangeProcessing: true);

    private static (string Section, string Path) Split(string path)
    {
        var trimmed = path.TrimStart('/');
        var end = trimmed.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? (trimmed, string.Empty) : (trimmed[..end], trimmed[(end + 1)..]);
    }
}
