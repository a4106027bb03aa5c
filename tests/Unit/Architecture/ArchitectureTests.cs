using System.Text.RegularExpressions;

namespace PostgresHa.Tests.Unit.Architecture;

/// <summary>The plan of the house (docs/ARCHITECTURE.md): who may know whom.</summary>
public sealed partial class ArchitectureTests
{
    // Each layer with those it may know. What is not here belongs to no layer.
    private static readonly Dictionary<string, string[]> Layers = new()
    {
        ["specification"] = [],
        ["components"] = ["specification"],
        ["infra"] = ["components", "specification"],
        ["offline"] = ["infra", "components", "specification"],
        ["lab"] = [],
        ["cli"] = ["offline", "infra", "components", "specification", "lab"],
    };

    // offline/Program is infra's and components' sources, compiled once more: its assembly is theirs.
    private static readonly Dictionary<string, string> LayerOfNamespace = new()
    {
        ["PostgresHa.Specification"] = "specification",
        ["PostgresHa.Components"] = "components",
        ["PostgresHa.Infra"] = "infra",
        ["PostgresHa.Offline"] = "offline",
        ["PostgresHa.StandIns"] = "offline",
        ["PostgresHa.Lab"] = "lab",
        ["PostgresHa.Cli"] = "cli",
    };

    [Fact]
    public void Projects_refer_to_layers_below_only()
    {
        foreach (var project in Layers.Keys
            .SelectMany(
                static layer => Directory.EnumerateFiles(Path.Join(Repository.Root, layer), "*.csproj", SearchOption.AllDirectories)))
        {
            var own = Layer(project);
            foreach (Match reference in Reference().Matches(File.ReadAllText(project)))
            {
                var other = Layer(Path.GetFullPath(Path.Join(Path.GetDirectoryName(project), reference.Groups[1].Value)));
                Assert.True(
                    own == other || Layers[own].Contains(other),
                    $"{Path.GetRelativePath(Repository.Root, project)} refers to {other}, which {own} may not know.");
            }
        }
    }

    [Fact]
    public void Files_use_namespaces_of_layers_below_only()
    {
        var files = SourceFile.Below([.. Layers.Keys]);
        Assert.True(files.Count > 200);
        foreach (var file in files)
        {
            var own = file.Path.Split('/')[0];
            Assert.All(file.Usings, used =>
            {
                var other = LayerOfNamespace[string.Join('.', used.Split('.')[..2])];
                Assert.True(own == other || Layers[own].Contains(other), $"{file.Path} uses {used}, which {own} may not know.");
            });
        }
    }

    [Fact]
    public void Pure_folders_know_no_Pulumi()
    {
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Path.Join(Repository.Root, "specification"), "*.cs", SearchOption.AllDirectories)
                .Concat(Directory.EnumerateFiles(Path.Join(Repository.Root, "components/Declarations"), "*.cs"))
                .Concat(Directory.EnumerateFiles(Path.Join(Repository.Root, "components/Templating"), "*.cs"))
                .Append(Path.Join(Repository.Root, "infra/HostFiles.cs"))
                .Append(Path.Join(Repository.Root, "infra/ClusterServices.cs")),
            static path => File.ReadAllText(path).Contains("using Pulumi", StringComparison.Ordinal));
    }

    // The building blocks are there for any service: one that knew a service would know them all in the end.
    [Fact]
    public void What_services_share_knows_none_of_them()
    {
        var services = SourceFile.Below("components").Where(static file => file.Namespace == "PostgresHa.Components").ToList();
        Assert.True(services.Count > 15);
        foreach (var file in SourceFile.Below("components").Where(static file => file.Namespace != "PostgresHa.Components"))
        {
            Assert.DoesNotContain(services, service => service.Types.Overlaps(file.Names));
        }
    }

    [Theory]
    [InlineData("specification")]
    [InlineData("components")]
    [InlineData("infra")]
    [InlineData("offline/Engine")]
    [InlineData("lab")]
    [InlineData("cli")]
    public void No_files_know_each_other_in_a_circle(string folder)
    {
        var files = SourceFile.Below(folder);
        var graph = files.ToDictionary(
            static file => file.Path,
            file =>
                files.Where(other => other != file && file.Sees(other) && other.Types.Except(file.Types).ToHashSet().Overlaps(file.Names))
                    .Select(static other => other.Path).ToList());
        Assert.True(graph.Values.Any(static others => others.Count > 0), "Nothing refers to anything: the test reads the files wrongly.");
        Assert.Equal([], Circles.In(graph).Select(static circle => string.Join(" ↔ ", circle)));
    }

    // Namespaces are rooms: a door in each direction makes them one.
    [Fact]
    public void No_namespaces_know_each_other_in_a_circle()
    {
        // The stand-ins have Pulumi's own namespaces, whose types know each other.
        var files = SourceFile.Below([.. Layers.Keys])
            .Where(static file => file.Namespace.StartsWith("PostgresHa", StringComparison.Ordinal)).ToList();
        var graph = files.GroupBy(static file => file.Namespace).ToDictionary(
            static group => group.Key,
            group => files.Select(static file => file.Namespace).Distinct()
                .Where(other => other != group.Key && group.Any(file => file.Usings.Contains(other))).ToList());
        Assert.Equal([], Circles.In(graph).Select(static circle => string.Join(" ↔ ", circle)));
    }

    [Fact]
    public void Addresses_are_written_by_the_endpoint_alone()
    {
        var writers = Layers.Keys.Where(static layer => layer != "lab")
            .SelectMany(static layer => Directory.EnumerateFiles(Path.Join(Repository.Root, layer), "*.cs", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Join(Repository.Root, "templates"), "*.py", SearchOption.AllDirectories))
            .Where(static path => Written().IsMatch(File.ReadAllText(path)))
            .Select(static path => Path.GetFileName(path));
        Assert.Equal(["Endpoint.cs"], writers);
    }

    private static string Layer(string path) => Path.GetRelativePath(Repository.Root, path).Split('/')[0];

    [GeneratedRegex("""<ProjectReference Include="([^"]+)""")]
    private static partial Regex Reference();

    // An address that is put together; one that is read, or stands in a text for people, is not.
    [GeneratedRegex("""https?://(\{|" *[+])|\{scheme\}://""")]
    private static partial Regex Written();
}
