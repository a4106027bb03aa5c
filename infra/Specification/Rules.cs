namespace PostgresHa.Specification;

/// <summary>The rules that look at a value's meaning, or at several values together.</summary>
internal static class Rules
{
    public static void Check(ClusterSpecification draft, Values values, string projectDirectory, bool hasPrivateKeySecret)
    {
    }
}
