using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Replication slots that Patroni keeps, or leaves alone.</summary>
internal static class SlotRules
{
    public static void Check(ClusterSpecification draft, Values values)
    {
        IReadOnlyList<PermanentSlot> slots = draft.Patroni.Slots;
        for (int i = 0; i < slots.Count; i++)
        {
            CheckName(draft, slots, i, values);
            CheckKind(draft, slots[i], i, values);
        }

        for (int i = 0; i < draft.Patroni.IgnoreSlots.Count; i++)
        {
            if (draft.Patroni.IgnoreSlots[i] is { Name: null, Type: null, Database: null, Plugin: null } && Good(values, i, Keys.IgnoredSlotName, Keys.IgnoredSlotType, Keys.IgnoredSlotDatabase, Keys.IgnoredSlotPlugin))
            {
                values.Add(At("patroni.ignoreSlots", i), null, "would leave every slot alone, those of lost members too", "give at least one of name, type, database, plugin");
            }
        }
    }

    private static void CheckName(ClusterSpecification draft, IReadOnlyList<PermanentSlot> slots, int index, Values values)
    {
        string name = slots[index].Name, path = Keys.SlotName.At(index);
        if (!values.Good(path))
        {
            return;
        }

        int first = slots.TakeWhile(slot => slot.Name != name).Count();
        if (first < index)
        {
            values.Add(path, name, string.Create(CultureInfo.InvariantCulture, $"is also the name of slots[{first}]"), "give each its own");
        }
        else if (draft.Hosts.FirstOrDefault(host => MemberSlot(host.Name) == name) is { } member)
        {
            values.Add(path, name, $"is the slot that Patroni itself makes for {member.Name}", "choose another");
        }
    }

    private static void CheckKind(ClusterSpecification draft, PermanentSlot slot, int index, Values values)
    {
        if (!Good(values, index, Keys.SlotType, Keys.SlotDatabase, Keys.SlotPlugin))
        {
            return;
        }

        if (slot.Type == SlotType.Physical && slot.Database is not null)
        {
            values.Add(Keys.SlotType.At(index), "physical", "has neither database nor plugin", "write logical, or leave database and plugin out");
        }
        else if (slot.Type == SlotType.Logical && values.Good(Keys.PostgresParameters.Path)
            && !(draft.Postgres.Parameters.TryGetValue("wal_level", out string? level) && level.Equals("logical", StringComparison.OrdinalIgnoreCase)))
        {
            values.Add(Keys.SlotType.At(index), "logical", "needs a WAL that can be decoded", "set postgres.parameters.wal_level: logical");
        }
    }

    /// <summary>As Patroni names a member's slot (<c>slot_name_from_member_name</c>); host names hold nothing else to replace.</summary>
    private static string MemberSlot(string host) => host.Replace('-', '_').Replace('.', '_');

    private static string At(string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{list}[{index}]");

    private static bool Good(Values values, int index, params ReadOnlySpan<SpecificationKey> keys)
    {
        foreach (SpecificationKey key in keys)
        {
            if (!values.Good(key.At(index)))
            {
                return false;
            }
        }

        return true;
    }
}
