using System.Text.RegularExpressions;

namespace PostgresHa.Specification;

/// <content>Replication slots, which Patroni keeps or leaves alone.</content>
internal static partial class Keys
{
    public static readonly Key<string> SlotName = Key.Text("patroni.slots[].name",
        "Name of a replication slot that Patroni makes on the leader and keeps through every change of leader.", pattern: SlotForm(), form: SlotRemedy);

    public static readonly Key<SlotType> SlotType = Key.Choice<SlotType>("patroni.slots[].type",
        "Its kind.", null, "`logical` where a database or plugin is given, else `physical`");

    public static readonly Key<string> SlotDatabase = Key.Text("patroni.slots[].database", "Database of a logical one.", note: "`postgres.database`");

    public static readonly Key<string> SlotPlugin = Key.Text("patroni.slots[].plugin", "Output plugin of a logical one.", note: "`pgoutput`", pattern: PluginForm(), form: PluginRemedy);

    public static readonly Key<string> IgnoredSlotName = Key.Text("patroni.ignoreSlots[].name",
        "Name of replication slots that Patroni leaves alone. Others that are neither a member's nor one of `patroni.slots` it drops, at the latest when it starts or the leader changes.",
        note: "any", pattern: SlotForm(), form: SlotRemedy);

    public static readonly Key<SlotType> IgnoredSlotType = Key.Choice<SlotType>("patroni.ignoreSlots[].type", "Their kind.", null, "any");

    public static readonly Key<string> IgnoredSlotDatabase = Key.Text("patroni.ignoreSlots[].database", "Their database.", note: "any");

    public static readonly Key<string> IgnoredSlotPlugin = Key.Text("patroni.ignoreSlots[].plugin", "Their output plugin.", note: "any", pattern: PluginForm(), form: PluginRemedy);

    private const string SlotRemedy = "use lower-case letters, digits and _, at most 63";
    private const string PluginRemedy = "use the name of an output plugin, for instance pgoutput";

    [GeneratedRegex("^[a-z0-9_]{1,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex SlotForm();

    [GeneratedRegex("^[A-Za-z0-9_$/.-]{1,63}$", RegexOptions.CultureInvariant)]
    private static partial Regex PluginForm();
}
