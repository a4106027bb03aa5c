namespace PostgresHa.Components.Declarations;

/// <summary>A program that a host compiles, unless it is had finished.</summary>
/// <param name="Name">Its name, which its finished builds begin with.</param>
/// <param name="Version">Its version.</param>
/// <param name="Installed">A file that is there where it is installed already; a pattern of the shell, without blanks.</param>
/// <param name="Packages">The packages that compiling it needs.</param>
public sealed record SourceProgram(string Name, string Version, string Installed, IReadOnlyList<string> Packages);
