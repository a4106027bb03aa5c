using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using Scriban;
using Scriban.Runtime;

namespace PostgresHa.Components.Templating;

/// <summary>The files under templates/, embedded in this assembly. Every file and script that reaches a host comes from here.</summary>
public static class Templates
{
    private const string Prefix = "templates/";

    private static readonly Assembly Owner = typeof(Templates).Assembly;

    // A template is parsed once: seven hosts render the same few dozen.
    private static readonly ConcurrentDictionary<string, Template> Parsed = new(StringComparer.Ordinal);

    /// <summary>Renders a template.</summary>
    /// <param name="name">Its path below templates/, for instance <c>etcd/etcd.conf.yml</c>.</param>
    /// <param name="model">
    /// The values it may use, as they are: the template quotes each by a function of <see cref="TemplateFunctions"/>. Keys in snake_case,
    /// none <c>to</c>. A value it uses and that is not there is an error.
    /// </param>
    /// <returns>The text, with LF line ends.</returns>
    /// <exception cref="InvalidOperationException">There is no such template, or it does not fit the model.</exception>
    public static string Render(string name, IReadOnlyDictionary<string, object?> model)
    {
        var template = Parsed.GetOrAdd(name, static key =>
        {
            var parsed = Template.Parse(Read(key), key);
            return parsed.HasErrors
                ? throw new InvalidOperationException($"templates/{key}: {string.Join("; ", parsed.Messages)}")
                : parsed;
        });

        var globals = new ScriptObject();
        foreach (var (key, value) in model)
        {
            globals[key] = value;
        }

        // Last, so that no value can take its place.
        globals["to"] = TemplateFunctions.Object;
        var context = new TemplateContext { StrictVariables = true, EnableRelaxedMemberAccess = false, NewLine = "\n" };
        context.PushGlobal(globals);
        return template.Render(context);
    }

    /// <summary>The text of a template as it stands, for scripts, which take arguments instead of rendered values.</summary>
    /// <param name="name">Its path below templates/.</param>
    /// <exception cref="InvalidOperationException">There is no such template.</exception>
    public static string Read(string name)
    {
        using var stream = Owner.GetManifestResourceStream(Prefix + name)
            ?? throw new InvalidOperationException($"templates/{name} is not part of {Owner.GetName().Name}.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>The paths below templates/ of all templates with one of the given endings, in ordinal order.</summary>
    public static IReadOnlyList<string> Names(params string[] endings) =>
    [
        .. Owner.GetManifestResourceNames()
            .Where(
                name =>
                    name.StartsWith(Prefix, StringComparison.Ordinal)
                        && endings.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)))
            .Select(name => name[Prefix.Length..])
            .Order(StringComparer.Ordinal),
    ];
}
