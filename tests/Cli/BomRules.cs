using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PostgresHa.Tests.Cli;

/// <summary>What CycloneDX 1.6 demands of a document (bom-1.6.schema.json), of the parts that are used here.</summary>
internal static partial class BomRules
{
    private static readonly string[] Types =
    [
        "application", "framework", "library", "container", "platform", "operating-system", "device", "device-driver", "firmware", "file",
        "machine-learning-model", "data", "cryptographic-asset",
    ];

    private static readonly string[] Hashes =
    [
        "MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512",
        "BLAKE3",
    ];

    /// <summary>Fails with what is wrong.</summary>
    public static void Hold(JsonElement bom)
    {
        Keys(
            bom, ["bomFormat", "specVersion"], "serialNumber", "version", "metadata", "components", "dependencies", "compositions");
        Assert.Equal(("CycloneDX", "1.6"), (Text(bom, "bomFormat"), Text(bom, "specVersion")));
        Assert.Matches(Serial(), Text(bom, "serialNumber"));
        Assert.True(bom.GetProperty("version").GetInt32() >= 1);

        var metadata = bom.GetProperty("metadata");
        Keys(metadata, [], "timestamp", "lifecycles", "tools", "component");
        DateTimeOffset.ParseExact(Text(metadata, "timestamp"), "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        foreach (var phase in Items(metadata, "lifecycles"))
        {
            Keys(phase, ["phase"]);
            Assert.Contains(
                Text(phase, "phase"), (string[])["design", "pre-build", "build", "post-build", "operations", "discovery", "decommission"]);
        }

        var root = metadata.GetProperty("component");
        Component(root);
        Keys(metadata.GetProperty("tools"), ["components"]);
        Assert.All(Items(metadata.GetProperty("tools"), "components"), Component);

        var components = Items(bom, "components");
        Assert.All(components, Component);
        List<string> references = [.. components.Append(root).Select(static component => Text(component, "bom-ref"))];
        Assert.Equal(references.Count, references.Distinct().Count());

        var dependencies = Items(bom, "dependencies");
        Assert.Equal(dependencies.Count, dependencies.Select(static one => Text(one, "ref")).Distinct().Count());
        foreach (var dependency in dependencies)
        {
            Keys(dependency, ["ref"], "dependsOn");
            Assert.Contains(Text(dependency, "ref"), references);
            Refer(dependency, "dependsOn", references);
        }

        foreach (var composition in Items(bom, "compositions"))
        {
            Keys(composition, ["aggregate"], "dependencies");
            Assert.Contains(Text(composition, "aggregate"), (string[])["complete", "incomplete", "unknown", "not_specified"]);
            Refer(composition, "dependencies", references);
        }
    }

    private static void Component(JsonElement component)
    {
        Keys(
            component, ["type", "name"], "bom-ref", "version", "scope", "hashes", "licenses", "cpe", "purl", "externalReferences",
            "properties");
        Assert.Contains(Text(component, "type"), Types);
        Assert.NotEmpty(Text(component, "name"));
        if (component.TryGetProperty("scope", out var scope))
        {
            Assert.Contains(scope.GetString(), (string[])["required", "optional", "excluded"]);
        }

        if (component.TryGetProperty("purl", out var purl))
        {
            Assert.Matches(Purl(), purl.GetString());
        }

        Assert.All(Items(component, "hashes"), Hash);
        var licences = Items(component, "licenses");
        foreach (var licence in licences)
        {
            Keys(licence, [], "license", "expression");
            Assert.Single(licence.EnumerateObject());
            if (licence.TryGetProperty("license", out var one))
            {
                Keys(one, [], "id", "name");
                Assert.Single(one.EnumerateObject());
            }
            else
            {
                // An expression stands alone.
                Assert.Single(licences);
            }
        }

        foreach (var reference in Items(component, "externalReferences"))
        {
            Keys(reference, ["url", "type"], "hashes");
            Assert.Contains(Text(reference, "type"), (string[])["source-distribution", "distribution"]);
            Assert.True(Uri.TryCreate(Text(reference, "url"), UriKind.Absolute, out _));
            Assert.All(Items(reference, "hashes"), Hash);
        }

        foreach (var property in Items(component, "properties"))
        {
            Keys(property, ["name"], "value");
            Assert.NotNull(Text(property, "value"));
        }
    }

    private static void Hash(JsonElement hash)
    {
        Keys(hash, ["alg", "content"]);
        Assert.Contains(Text(hash, "alg"), Hashes);
        Assert.Matches(Digest(), Text(hash, "content"));
    }

    private static void Refer(JsonElement from, string name, IReadOnlyList<string> references)
    {
        var to = Items(from, name).Select(static item => item.GetString()!).ToList();
        Assert.Equal(to.Count, to.Distinct().Count());
        Assert.All(to, reference => Assert.Contains(reference, references));
    }

    private static void Keys(JsonElement element, string[] required, params string[] optional)
    {
        var names = element.EnumerateObject().Select(static property => property.Name).ToList();
        Assert.Empty(required.Except(names));
        Assert.Empty(names.Except(required).Except(optional));
    }

    private static IReadOnlyList<JsonElement> Items(JsonElement element, string name) =>
        element.TryGetProperty(name, out var items) ? [.. items.EnumerateArray()] : [];

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [GeneratedRegex("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
    private static partial Regex Serial();

    [GeneratedRegex("^([a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$")]
    private static partial Regex Digest();

    [GeneratedRegex("^pkg:[a-z]+/[A-Za-z0-9._~%/-]+@[A-Za-z0-9._~%:-]+(\\?[a-z]+=[A-Za-z0-9._~%:-]+(&[a-z]+=[A-Za-z0-9._~%:-]+)*)?$")]
    private static partial Regex Purl();
}
