using System.Globalization;

namespace PostgresHa.Specification;

/// <summary>Replication slots that Patroni keeps, or leaves alone.</summary>
internal static class SlotRules
{
    public static void Check(ClusterSpecification draft, Findings findings)
    {
        // With an entry that is none, the others' indices are not those of the file.
        var slots = draft.Patroni.Slots;
        for (var i = 0; i < slots.Count && findings.Good("patroni.slots"); i++)
        {
            CheckName(draft, slots, i, findings);
            CheckKind(draft, slots[i], i, findings);
        }

        for (var i = 0; i < draft.Patroni.IgnoreSlots.Count && findings.Good("patroni.ignoreSlots"); i++)
        {
            var at = $"patroni.ignoreSlots[{i}]";
            if (draft.Patroni.IgnoreSlots[i] is { Name: null, Type: null, Database: null, Plugin: null }
                && findings.Good(at, $"{at}.name", $"{at}.type", $"{at}.database", $"{at}.plugin"))
            {
                findings.Add(
                    at,
                    null,
                    "would leave every slot alone, those of lost members too",
                    "give at least one of name, type, database, plugin");
            }
        }
    }

    private static void CheckName(ClusterSpecification draft, IReadOnlyList<PermanentSlot> slots, int index, Findings findings)
    {
        string name = slots[index].Name, path = $"patroni.slots[{index}].name";
        if (!findings.Good(path))
        {
            return;
        }

        var first = slots.TakeWhile(slot => slot.Name != name).Count();
        if (first < index)
        {
            findings.Add(
                path, name, string.Create(CultureInfo.InvariantCulture, $"is also the name of slots[{first}]"), "give each its own");
        }
        else if (draft.Hosts.FirstOrDefault(host => MemberSlot(host.Name) == name) is { } member)
        {
            findings.Add(path, name, $"is the slot that Patroni itself makes for {member.Name}", "choose another");
        }
    }

    private static void CheckKind(ClusterSpecification draft, PermanentSlot slot, int index, Findings findings)
    {
        var at = $"patroni.slots[{index}]";
        if (!findings.Good($"{at}.type", $"{at}.database", $"{at}.plugin"))
        {
            return;
        }

        if (slot.Type == SlotType.Physical && slot.Database is not null)
        {
            findings.Add($"{at}.type", "physical", "has neither database nor plugin", "write logical, or leave database and plugin out");
        }
        else if (slot.Type == SlotType.Logical && findings.Good("postgres.parameters")
            && !(
                draft.Postgres.Parameters.TryGetValue("wal_level", out var level)
                    && level.Equals("logical", StringComparison.OrdinalIgnoreCase)))
        {
            findings.Add($"{at}.type", "logical", "needs a WAL that can be decoded", "set postgres.parameters.wal_level: logical");
        }
    }

    /// <summary>As Patroni names a member's slot (<c>slot_name_from_member_name</c>); host names hold nothing else to replace.</summary>
    private static string MemberSlot(string host) => host.Replace('-', '_').Replace('.', '_');
}
