using System.Text.Json;

namespace PostgresHa.Specification;

/// <summary>Reads and validates the stack's <c>postgres-ha:cluster</c> value.</summary>
public static class SpecificationReader
{
    /// <summary>Reads the value, fills defaults, and reports everything that is wrong with it.</summary>
    /// <param name="cluster">The structured value, as Pulumi's configuration or <see cref="StackFile"/> gives it.</param>
    /// <param name="projectDirectory">Folder of Pulumi.yaml, against which relative paths are resolved.</param>
    /// <param name="hasPrivateKeySecret">Whether the secret <c>postgres-ha:sshPrivateKey</c> is set.</param>
    /// <param name="spellings">Values that are not written as they are read, by path below the cluster; none when left out.</param>
    /// <param name="maker">Says of a file that is not there what makes it, as a remedy; null where it knows nothing better.</param>
    /// <returns>The specification, or all errors.</returns>
    public static SpecificationResult Read(
        JsonElement cluster,
        string projectDirectory,
        bool hasPrivateKeySecret = false,
        IReadOnlyDictionary<string, Spelling>? spellings = null,
        Func<string, string?>? maker = null)
    {
        var findings = new Findings();
        if (cluster.ValueKind != JsonValueKind.Object)
        {
            const string Remedy = "write the cluster's values below it, at least name, hosts and vip";
            var isEmpty = cluster.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
            findings.Add("", isEmpty ? null : Scalars.Show(cluster), isEmpty ? "is empty" : "is not a mapping", Remedy);
            return new SpecificationResult { Errors = findings.Errors };
        }

        UnknownKeys.Report(cluster, findings);
        var bound = new Binder(spellings ?? new Dictionary<string, Spelling>(), findings).Bind(cluster);
        var draft = new Completion(bound, findings, projectDirectory, maker).Complete();
        Rules.Check(draft, findings, maker, hasPrivateKeySecret);
        return new SpecificationResult
        {
            Specification = findings.Errors.Count == 0 ? draft : null,
            Errors = findings.Errors,
            Warnings = findings.Warnings,
        };
    }
}
