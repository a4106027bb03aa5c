using System.Reflection;
using System.Text.RegularExpressions;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The declarations of keys by attributes of the specification's records.</summary>
public sealed partial class KeyTests
{
    /// <summary>What follows from other values, and stands in no stack file.</summary>
    private static readonly string[] Computed =
    [
        nameof(PgBouncerSpecification.PreparedStatementsAsked), nameof(ClusterSpecification.Written),
    ];

    [Fact]
    public void Every_property_is_a_key_or_a_section_or_computed()
    {
        var forgotten = Tables(KeyTable.Root).SelectMany(static table => table.Type
            .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.CanWrite && table.Members.All(member => member.Property != property))
            .Select(static property => property.Name));

        Assert.Equal(Computed.Order(), forgotten.Order());
    }

    [Fact]
    public void Every_default_is_a_value_that_the_key_takes() => Assert.All(
        KeyTable.All.Where(static key => key.Default is not null),
        static key => Assert.Null(key.Read(Scalars.Element(key.Default!)).Complaint));

    [Fact]
    public void Every_path_that_a_rule_names_is_there()
    {
        var paths = Tables(KeyTable.Root).SelectMany(static table => table.Members)
            .Select(static member => member.Key?.Path ?? WithoutIndex(member.Section!.Path)).ToHashSet();
        var files = Directory.EnumerateFiles(Path.Join(Repository.Root, "specification"), "*.cs", SearchOption.AllDirectories);
        var named = files.SelectMany(
            static file => Named().Matches(File.ReadAllText(file)).Select(static match => match.Groups["path"].Value))
            .Where(name => KeyTable.Root.Find(name.Split('.', '[')[0]) is not null)
            .Select(static name => WithoutIndex(Index().Replace(name, "[]")))
            .ToHashSet();

        Assert.Empty(named.Except(paths));
        Assert.True(named.Count > 50);
    }

    private static string WithoutIndex(string path) => path.EndsWith("[]", StringComparison.Ordinal) ? path[..^2] : path;

    private static IEnumerable<SectionTable> Tables(SectionTable table) =>
        table.Members.Where(static member => member.Section is not null).SelectMany(static member => Tables(member.Section!))
            .Prepend(table);

    [GeneratedRegex(
        @"""(?<path>[a-z][A-Za-z]*(\[\{\w+\}\])?(\.[a-z]\w*(\[\{\w+\}\])?)+)""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex(@"\[\{\w+\}\]", RegexOptions.CultureInvariant)]
    private static partial Regex Index();
}
