using System.Globalization;
using System.Text.RegularExpressions;
using Scriban.Runtime;

namespace PostgresHa.Components.Templating;

/// <summary>
/// The functions through one of which every value goes into a file: <c>{{ host.name | to.yaml }}</c>. Each stands for one syntax: how a
/// value is quoted in it, and what it cannot carry, which is an error. The last few quote nothing: they let through only what needs no
/// quoting anywhere.
/// </summary>
/// <remarks>
/// Two syntaxes are not here: JSON, which the framework writes, and SQL, where the tools on the hosts hand psql its variables and it
/// quotes them itself.
/// </remarks>
public static partial class TemplateFunctions
{
    private static readonly Dictionary<string, Func<string, string>> Functions = new(StringComparer.Ordinal)
    {
        ["yaml"] = YamlScalar.Text,
        ["yaml_value"] = YamlScalar.Value,
        ["yaml_phrase"] = YamlScalar.Phrase,
        ["environment"] = EnvironmentFile.Value,
        ["environment_quoted"] = EnvironmentFile.Quoted,
        ["unit"] = SystemdUnit.Text,
        ["unit_argument"] = SystemdUnit.Argument,
        ["shell"] = Shell.Quote,
        ["haproxy"] = HAProxyWord.Quote,
        ["pgbouncer"] = PgBouncerText.Setting,
        ["pgbouncer_listed"] = PgBouncerText.Listed,
        // keepalived's quotes differ between its versions and udev has none for a value's inside: they get words only.
        ["keepalived"] = static value => Only(Word(), value, "a word of letters, digits and ._/-"),
        ["udev"] = static value => Only(Word(), value, "a word of letters, digits and ._/-"),
        ["comment"] = static value => Harmless.Line(value, "a comment"),
        ["word"] = static value => Only(Word(), value, "a word of letters, digits and ._/-"),
        ["address"] = static value => Only(Address(), value, "an IPv4 address"),
        ["number"] = static value => Only(Number(), value, "a number"),
        ["time"] = static value => Only(Time(), value, "a time with its unit"),
        ["flag"] = static value => Only(Flag(), value, "true or false"),
    };

    /// <summary>The functions' names.</summary>
    public static IReadOnlyCollection<string> Names => Functions.Keys;

    /// <summary>What a function makes of a value.</summary>
    /// <param name="function">One of <see cref="Names"/>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">The syntax cannot carry it. The message holds nothing of it.</exception>
    public static string Apply(string function, string value) => Functions[function](value);

    /// <summary>The functions as a template's <c>to</c>.</summary>
    internal static ScriptObject Object { get; } = Make();

    private static ScriptObject Make()
    {
        var functions = new ScriptObject();
        foreach (var (name, quote) in Functions)
        {
            functions.Import(name, new Func<object?, string>(value => quote(Written(name, value))));
        }

        functions.IsReadOnly = true;
        return functions;
    }

    private static string Written(string function, object? value) => value switch
    {
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"There is no value for {function}."),
    };

    private static string Only(Regex form, string value, string what) =>
        form.IsMatch(value) ? value : throw new ArgumentException($"What shall stand here must be {what}.", nameof(value));

    [GeneratedRegex(@"^[A-Za-z0-9_/][A-Za-z0-9._/-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"^[0-9]{1,3}([.][0-9]{1,3}){3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"^-?[0-9]+([.][0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number();

    [GeneratedRegex(@"^[0-9]+(ms|s|m)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Time();

    [GeneratedRegex(@"^(true|false)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Flag();
}
