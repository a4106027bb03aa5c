using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Reads and validates the stack's <c>postgres-ha:cluster</c> value.</summary>
public static class SpecificationReader
{
    /// <summary>Every configuration value there is, in the order of the documentation.</summary>
    public static IReadOnlyList<SpecificationKey> KnownKeys => KeyTable.All;

    /// <summary>Reads the value, fills defaults, and reports everything that is wrong with it.</summary>
    /// <param name="cluster">The structured value, as Pulumi's configuration or <see cref="StackFile"/> gives it.</param>
    /// <param name="projectDirectory">Folder of Pulumi.yaml, against which relative paths are resolved.</param>
    /// <param name="hasPrivateKeySecret">Whether the secret <c>postgres-ha:sshPrivateKey</c> is set.</param>
    /// <param name="spellings">Values that are not written as they are read, by path below the cluster; none when left out.</param>
    /// <returns>The specification, or all errors.</returns>
    public static SpecificationResult Read(
        JsonElement cluster, string projectDirectory, bool hasPrivateKeySecret = false, IReadOnlyDictionary<string, Spelling>? spellings = null)
    {
        var values = new Values(cluster, spellings ?? new Dictionary<string, Spelling>());
        if (cluster.ValueKind != JsonValueKind.Object)
        {
            const string Remedy = "write the cluster's values below it, at least name, hosts and vip";
            bool isEmpty = cluster.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
            values.Add("", isEmpty ? null : Scalars.Show(cluster), isEmpty ? "is empty" : "is no mapping", Remedy);
            return new SpecificationResult { Errors = values.Errors };
        }

        UnknownKeys.Report(cluster, values);
        ClusterSpecification draft = SpecificationDraft.Read(values, projectDirectory);
        Rules.Check(draft, values, projectDirectory, hasPrivateKeySecret);
        return new SpecificationResult
        {
            Specification = values.Errors.Count == 0 ? draft : null,
            Errors = [.. values.Errors.Distinct()],
            Warnings = values.Warnings,
        };
    }
}
