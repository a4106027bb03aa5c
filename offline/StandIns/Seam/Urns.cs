namespace PostgresHa.StandIns;

/// <summary>The names by which an engine tells resources apart: <c>urn:pulumi:STACK::PROJECT::PARENT-TYPE$TYPE::NAME</c>.</summary>
public static class Urns
{
    private const string StackType = "pulumi:pulumi:Stack";

    /// <summary>The URN of a resource; the stack as a parent adds nothing to the type.</summary>
    public static string Create(string stack, string project, string? parentUrn, string type, string name)
    {
        var parentType = parentUrn is null ? StackType : QualifiedType(parentUrn);
        var qualified = parentType == StackType ? type : parentType + "$" + type;
        return $"urn:pulumi:{stack}::{project}::{qualified}::{name}";
    }

    /// <summary>The name at the end of a URN.</summary>
    public static string Name(string urn)
    {
        ArgumentNullException.ThrowIfNull(urn);
        // Names may hold "::" themselves; the three parts before can't.
        return urn.Split("::", 4) is [_, _, _, var name] ? name : urn;
    }

    /// <summary>The type token without those of its parents.</summary>
    public static string Type(string urn) => QualifiedType(urn).Split('$')[^1];

    /// <summary>The type token with those of its parents.</summary>
    public static string QualifiedType(string urn)
    {
        ArgumentNullException.ThrowIfNull(urn);
        return urn.Split("::", 4) is [_, _, var type, _] ? type : throw new FormatException($"Not a URN: {urn}");
    }
}
