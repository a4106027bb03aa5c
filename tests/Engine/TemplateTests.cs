using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace PostgresHa.Tests.Engine;

/// <summary>The stand-in for Scriban: what it renders, and that it refuses the rest with a line number.</summary>
public sealed class TemplateTests
{
    private static readonly Dictionary<string, object?> Model = new()
    {
        ["name"] = "mdw",
        ["port"] = 5432,
        ["on"] = true,
        ["off"] = false,
        ["nothing"] = null,
        ["blank"] = "",
        ["zero"] = 0,
        ["text"] = "one\ntwo",
        ["hosts"] = new List<object?> { "a", "b", "c" },
        ["none"] = new List<object?>(),
        ["servers"] = new List<object?>
        {
            new Dictionary<string, object?> { ["name"] = "x", ["port"] = 1 },
            new Dictionary<string, object?> { ["name"] = "y", ["port"] = 2 },
        },
        ["deep"] = new Dictionary<string, object?> { ["value"] = 7L },
    };

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a {{ name }} b", "a mdw b")]
    [InlineData("{{name}}:{{port}}", "mdw:5432")]
    [InlineData("{{ on }} {{ nothing }}|", "true |")]
    [InlineData("{{ deep.value + 1 }}", "8")]
    [InlineData("{{ hosts[1] }}{{ hosts.size }}", "b3")]
    [InlineData("{{ \"q\\\"\\n\" }}", "q\"\n")]
    [InlineData("{{# a comment #}}x{{ # another }}y", "xy")]
    [InlineData("{{ if on }}yes{{ else }}no{{ end }}", "yes")]
    [InlineData("{{ if off }}yes{{ else if port == 5432 }}port{{ else }}no{{ end }}", "port")]
    [InlineData("{{ if !off && port > 5000 && port <= 5432 && name != 'x' }}yes{{ end }}", "yes")]
    [InlineData("{{ if off || (on && !off) }}yes{{ end }}", "yes")]
    [InlineData("{{ if blank }}empty text is true{{ end }}", "empty text is true")]
    [InlineData("{{ if zero }}zero is true{{ end }}", "zero is true")]
    [InlineData("{{ if nothing }}never{{ end }}", "")]
    [InlineData("{{ nothing ?? 'default' }}", "default")]
    [InlineData("{{ for h in hosts }}{{ h }}{{ if !for.last }},{{ end }}{{ end }}", "a,b,c")]
    [InlineData("{{ for h in hosts }}{{ for.index }}{{ for.first }}{{ end }}", "0true1false2false")]
    [InlineData("{{ for s in servers }}{{ s.name }}={{ s.port }};{{ end }}", "x=1;y=2;")]
    [InlineData("{{ for h in none }}{{ h }}{{ else }}nobody{{ end }}", "nobody")]
    [InlineData("{{ if on; name; end }}", "mdw")]
    [InlineData("{{ if on\nname\nend }}", "mdw")]
    public void Renders(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("a  {{- name -}}  b", "amdwb")]
    [InlineData("a\n\n  {{- name -}}\n\n  b", "amdwb")]
    [InlineData("a\n  {{~ name ~}}  \n  b", "a\nmdw  b")]
    [InlineData("a\n  {{~ name ~}}\n\n  b", "a\nmdw\n  b")]
    [InlineData("a {{~ name ~}} b", "amdwb")]
    [InlineData("[\n  {{~ for h in hosts ~}}\n  {{ h }}\n  {{~ end ~}}\n]", "[\n  a\n  b\n  c\n]")]
    [InlineData("[\n{{~ if off ~}}\nno\n{{~ else ~}}\nyes\n{{~ end ~}}\n]", "[\nyes\n]")]
    public void Controls_whitespace(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("key:\n  {{ text }}\nend", "key:\n  one\n  two\nend")]
    [InlineData("{{ text }}\nend", "one\ntwo\nend")]
    [InlineData("x {{ text }}", "x one\ntwo")]
    [InlineData("{{~ if on ~}}\n    {{ text }}\n{{~ end ~}}\n", "    one\n    two\n")]
    public void Indents_a_value_of_several_lines_as_its_code_is(string template, string expected) => Assert.Equal(expected, Render(template));

    [Theory]
    [InlineData("ok\n{{ nmae }}", "test(2,4) : error : The variable or function `nmae` was not found")]
    [InlineData("{{ deep.wrong }}", "test(1,9) : error : Cannot get member with name wrong")]
    [InlineData("{{ nothing.x }}", "for a null object")]
    [InlineData("{{ for x in port }}{{ end }}", "Unexpected type")]
    [InlineData("{{ on < off }}", "not supported between")]
    public void Refuses_while_rendering(string template, string message) =>
        Assert.Contains(message, Assert.Throws<ScriptRuntimeException>(() => Render(template)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a\nb {{ if on }}", "test(2,6) : error : The <end> statement was not found")]
    [InlineData("{{ end }}", "without a corresponding beginning")]
    [InlineData("{{ name", "without its end")]
    [InlineData("{{ name | string.upcase }}", "not supported by the offline flavour")]
    [InlineData("{{ x = 1 }}", "not supported by the offline flavour")]
    [InlineData("{{ include 'x' }}", "not supported by the offline flavour")]
    [InlineData("{{ 'open }}", "not terminated")]
    [InlineData("{%{ raw }%}", "not supported by the offline flavour")]
    public void Refuses_what_it_does_not_know(string template, string message)
    {
        var parsed = Template.Parse(template, "test");
        Assert.True(parsed.HasErrors);
        Assert.Contains(message, parsed.Messages[0].ToString(), StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => parsed.Render(new TemplateContext()));
    }

    [Fact]
    public void Missing_members_are_empty_unless_told_otherwise()
    {
        var globals = new ScriptObject();
        globals.Import(Model);
        var context = new TemplateContext();
        context.PushGlobal(globals);
        Assert.Equal("[]", Template.Parse("[{{ deep.wrong }}{{ unknown }}]").Render(context));
    }

    private static string Render(string template)
    {
        var globals = new ScriptObject();
        globals.Import(Model);
        var context = new TemplateContext { StrictVariables = true, EnableRelaxedMemberAccess = false, NewLine = "\n" };
        context.PushGlobal(globals);
        var parsed = Template.Parse(template, "test");
        Assert.False(parsed.HasErrors, string.Join('\n', parsed.Messages));
        return parsed.Render(context);
    }
}
