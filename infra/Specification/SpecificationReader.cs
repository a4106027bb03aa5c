namespace PostgresHa.Specification;

/// <summary>Placeholder until the reader lands.</summary>
public static class SpecificationReader
{
}
