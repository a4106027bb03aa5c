using PostgresHa.Specification;

namespace PostgresHa.Tests.Unit.Specification;

/// <summary>The table of all values says something of each.</summary>
public sealed class ConfigurationTableTests
{
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
