namespace PostgresHa.Components.Declarations;

/// <summary>
/// A user of the operating system that a service runs as; the service's installation makes it, with a group of the same name.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Home">Its home directory.</param>
public sealed record SystemUser(string Name, string Home);
