namespace PostgresHa.Specification;

/// <summary>The passwords that the stack makes; those that it sets itself are its own matter.</summary>
public sealed record PasswordsSpecification
{
    /// <remarks>Its parity decides which of two users of etcd Patroni is.</remarks>
    [Number(
        "Raise it to have the passwords made anew that were made for the stack, while the cluster serves; all but the application's.",
        0, 0, int.MaxValue)]
    public required int Rotate { get; init; }

    [Number("The same for the application's role, whose clients need the new one at once.", 0, 0, int.MaxValue)]
    public required int RotateApplication { get; init; }
}
