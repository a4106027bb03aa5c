using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The README documents exactly the values the reader knows.</summary>
public sealed class ConfigurationTableTests
{
    private const string Begin = "<!-- configuration -->";
    private const string End = "<!-- /configuration -->";

    [Fact]
    public void Readme_has_the_table_of_all_values()
    {
        string path = Path.Join(Repository.Root, "README.md");
        string readme = File.ReadAllText(path);
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, end = readme.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end > begin, "README.md has no section between the markers");
        string section = readme[begin..end];
        int table = section.IndexOf("| value |", StringComparison.Ordinal);

        // After a change of a key: UPDATE_README=1 dotnet test tests/Unit --filter ConfigurationTable
        if (Environment.GetEnvironmentVariable("UPDATE_README") == "1")
        {
            string introduction = table < 0 ? section.TrimEnd('\n') + "\n\n" : section[..table];
            File.WriteAllText(path, readme[..begin] + introduction + ConfigurationTable.Markdown() + readme[end..]);
            return;
        }

        Assert.True(table >= 0, "README.md has no table of values");
        Assert.Equal(ConfigurationTable.Markdown(), section[table..]);
    }

    [Fact]
    public void Every_value_has_a_meaning_and_a_default_or_says_where_it_comes_from()
    {
        Assert.All(KeyTable.All, key =>
        {
            Assert.EndsWith(".", key.Meaning, StringComparison.Ordinal);
            Assert.True(key.Default is not null || key.DefaultNote.Length > 0, key.Path);
            Assert.DoesNotContain('|', key.Meaning + key.Kind + key.DefaultNote);
        });
        Assert.True(KeyTable.All.Count > 100);
    }
}
