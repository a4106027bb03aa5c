using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Yes or no.</summary>
/// <param name="meaning">What the value decides, in one sentence.</param>
/// <param name="standard">The default.</param>
internal sealed class FlagAttribute(string meaning, bool standard) : KeyAttribute(meaning, standard ? "true" : "false")
{
    public override string Kind(Type type) => "`true` or `false`";

    public override (object? Value, Complaint? Complaint) Read(JsonElement element, Type type) => Scalars.Text(element) switch
    {
        "true" => (true, null),
        "false" => (false, null),
        _ => Wrong("is neither true nor false", "write true or false"),
    };
}
