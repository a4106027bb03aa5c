using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PostgresHa.Cli.Bill;

/// <summary>A CycloneDX 1.6 document, as far as it is used; the names are those of its schema (bom-1.6.schema.json).</summary>
internal sealed record BomDocument
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string BomFormat { get; } = "CycloneDX";

    public string SpecVersion { get; } = "1.6";

    /// <summary>A UUID of the content; null until <see cref="Numbered"/>.</summary>
    public string? SerialNumber { get; private init; }

    public int Version { get; } = 1;

    public required BomMetadata Metadata { get; init; }

    public required IReadOnlyList<BomComponent> Components { get; init; }

    public required IReadOnlyList<BomDependency> Dependencies { get; init; }

    public required IReadOnlyList<BomComposition> Compositions { get; init; }

    /// <summary>The document with a serial number of its content, without its time: the same content has the same number.</summary>
    public BomDocument Numbered()
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes((this with { Metadata = Metadata with { Timestamp = null } }).Json()))[..16];
        // Version 8 of RFC 9562: a UUID whose other bits each maker chooses.
        digest[6] = (byte)((digest[6] & 0x0f) | 0x80);
        digest[8] = (byte)((digest[8] & 0x3f) | 0x80);
        return this with { SerialNumber = $"urn:uuid:{new Guid(digest, bigEndian: true)}" };
    }

    /// <summary>The document as text.</summary>
    public string Json() => JsonSerializer.Serialize(this, Options);

    /// <summary>A reference that tells a component from any other of other content.</summary>
    public static string Reference(BomComponent component)
    {
        var digest = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(component, Options));
        return $"{component.Name}@{component.Version}#{Convert.ToHexStringLower(digest)[..12]}";
    }
}

/// <summary>What the bill itself is.</summary>
internal sealed record BomMetadata(string? Timestamp, IReadOnlyList<BomPhase> Lifecycles, BomTools Tools, BomComponent Component);

/// <summary>A phase in the life of what the bill lists.</summary>
internal sealed record BomPhase(string Phase);

/// <summary>What has made the bill.</summary>
internal sealed record BomTools(IReadOnlyList<BomComponent> Components);

/// <summary>A component.</summary>
internal sealed record BomComponent(string Type, string Name, string? Version)
{
    [JsonPropertyName("bom-ref")]
    public string? BomRef { get; init; }

    /// <summary><c>excluded</c> for what is not needed to run; null is <c>required</c>.</summary>
    public string? Scope { get; init; }

    public IReadOnlyList<BomHash>? Hashes { get; init; }

    public IReadOnlyList<BomLicence>? Licenses { get; init; }

    public string? Cpe { get; init; }

    public string? Purl { get; init; }

    public IReadOnlyList<BomReference>? ExternalReferences { get; init; }

    public IReadOnlyList<BomProperty>? Properties { get; init; }
}

/// <summary>A checksum.</summary>
internal sealed record BomHash(string Alg, string Content)
{
    public static BomHash Sha256(string content) => new("SHA-256", content);
}

/// <summary>A licence, or an expression of several; one of the two.</summary>
internal sealed record BomLicence(BomLicenceName? License, string? Expression = null)
{
    /// <summary>One of SPDX's list.</summary>
    public static BomLicence Spdx(string id) => new(new BomLicenceName(id, null));

    /// <summary>One in the words of whoever states it.</summary>
    public static BomLicence Named(string name) => new(new BomLicenceName(null, name));
}

/// <summary>The one licence.</summary>
internal sealed record BomLicenceName(string? Id, string? Name);

/// <summary>Where something of a component is had.</summary>
internal sealed record BomReference(string Type, string Url, IReadOnlyList<BomHash> Hashes);

/// <summary>What the schema has no place for.</summary>
internal sealed record BomProperty(string Name, string Value);

/// <summary>What a component needs.</summary>
internal sealed record BomDependency(string Ref, IReadOnlyList<string> DependsOn);

/// <summary>How complete the dependencies of some components are.</summary>
internal sealed record BomComposition(string Aggregate, IReadOnlyList<string> Dependencies);
