using System.Globalization;
using System.Text;

namespace PostgresHa.Specification;

/// <summary>One parameter as PostgreSQL's <c>pg_settings</c> describes it.</summary>
/// <param name="Name">Its name, in PostgreSQL's spelling; case does not count.</param>
/// <param name="Type"><c>bool</c>, <c>integer</c>, <c>real</c>, <c>enum</c> or <c>string</c>.</param>
/// <param name="Context">Who may change it, and when: <c>postmaster</c> at a start only, <c>internal</c> never.</param>
/// <param name="Unit">
/// Unit of a number: <c>B</c>, <c>kB</c>, <c>8kB</c>, <c>MB</c>, <c>ms</c>, <c>s</c>, <c>min</c>; empty where it has none.
/// </param>
/// <param name="Least">Smallest number, in that unit; null where it is none.</param>
/// <param name="Most">Largest number, in that unit; null where it is none.</param>
/// <param name="Values">What an <c>enum</c> may be.</param>
internal sealed record PostgresParameter(
    string Name, string Type, string Context, string Unit, double? Least, double? Most, IReadOnlyList<string> Values)
{
    private const int SlruBank = 16;

    private static readonly string[] SlruBuffers =
    [
        "commit_timestamp_buffers", "multixact_member_buffers", "multixact_offset_buffers", "notify_buffers", "serializable_buffers",
        "subtransaction_buffers", "transaction_buffers",
    ];

    private static readonly string[] Truths = ["on", "off", "true", "false", "yes", "no", "1", "0"];

    /// <summary>Every parameter of PostgreSQL 17 by name.</summary>
    /// <remarks>From the file <c>postgresql-17.parameters</c>, whose head says how it was made.</remarks>
    public static IReadOnlyDictionary<string, PostgresParameter> All { get; } = Load();

    /// <summary>What is wrong with a value; null when PostgreSQL takes it, and Patroni hands it on.</summary>
    /// <param name="value">The value as written in the stack file.</param>
    public Complaint? Check(string value) => Type switch
    {
        // PostgreSQL also takes t, tr, f …, which Patroni drops.
        "bool" => IsTruth(value) ? null : new Complaint("is neither on nor off", "write on or off"),
        "enum" => IsOneOf(value) ? null : new Complaint("is not one of the allowed values", NearestName.Offer(value, Values)),
        "string" => null,
        _ => CheckNumber(value),
    };

    /// <summary>The number a value stands for, in <see cref="Unit"/>; null when it is none.</summary>
    public double? Number(string value) => Type is "integer" or "real" && PostgresQuantity.Read(value, Unit) is (var number, null)
        ? Type == "integer" ? Math.Round(number, MidpointRounding.ToEven) : number
        : null;

    private Complaint? CheckNumber(string value)
    {
        var (number, complaint) = PostgresQuantity.Read(value, Unit);
        if (complaint is not null)
        {
            return complaint;
        }

        var read = Type == "integer" ? Math.Round(number, MidpointRounding.ToEven) : number;
        if (read == 0 && number != 0)
        {
            return new Complaint(
                $"is less than PostgreSQL counts in ({(Unit.Length == 0 ? "whole numbers" : Unit)}): it would be 0",
                "write 0 if that is meant, or a larger value");
        }

        if (read < Least || read > Most)
        {
            return new Complaint(
                "is out of range",
                $"write a value from {PostgresQuantity.Show(Least!.Value, Unit)} to {PostgresQuantity.Show(Most!.Value, Unit)}");
        }

        // What its own checks know beside the table (guc_hooks.c, check_slru_buffers, check_vacuum_buffer_usage_limit).
        return SlruBuffers.Contains(Name) && read % SlruBank != 0
                ? new Complaint("is not a multiple of 16 pages", "write a multiple of 128kB, or of 16 without a unit")
            : Name == "vacuum_buffer_usage_limit" && read is > 0 and < 128
                ? new Complaint("is out of range", "write 0 or a value from 128kB to 16GB")
            : null;
    }

    private bool IsOneOf(string value) =>
        Values.Contains(value, StringComparer.OrdinalIgnoreCase) || (Values.Contains("on") && Values.Contains("off") && IsTruth(value));

    private static bool IsTruth(string value) => Truths.Contains(value, StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, PostgresParameter> Load()
    {
        using var stream = typeof(PostgresParameter).Assembly.GetManifestResourceStream("postgresql-17.parameters")
            ?? throw new InvalidOperationException("postgresql-17.parameters is not part of this assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(Parse)
            .ToDictionary(parameter => parameter.Name, StringComparer.OrdinalIgnoreCase);
    }

    private static PostgresParameter Parse(string line)
    {
        var fields = line.Split('|');
        return new(
            fields[0],
            fields[1],
            fields[2],
            fields[3],
            Bound(fields[4]),
            Bound(fields[5]),
            fields[1] == "enum" ? fields[6].Split(',') : []);
    }

    private static double? Bound(string text) => text.Length == 0 ? null : double.Parse(text, CultureInfo.InvariantCulture);
}
