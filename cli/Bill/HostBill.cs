using System.Text.Json;

namespace PostgresHa.Cli.Bill;

/// <summary>What the stack has put on one host: the answer of its tool <c>host-bill</c>.</summary>
public sealed record HostBill
{
    /// <summary>Its distribution.</summary>
    public required InstalledSystem System { get; init; }

    /// <summary>The packages that the services name.</summary>
    public required IReadOnlyList<InstalledPackage> Packages { get; init; }

    /// <summary>The builds of PostgreSQL: the one in use, and those that a server which was started before still runs.</summary>
    public required IReadOnlyList<InstalledPostgres> Postgres { get; init; }

    /// <summary>etcd, where it is no package; null where there is none.</summary>
    public InstalledEtcd? Etcd { get; init; }

    /// <summary>The packages in Patroni's virtual environment. Default none: Patroni is a package.</summary>
    public IReadOnlyList<InstalledPython> Python { get; init; } = [];

    /// <summary>What should be there and is not.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Reads what the tool printed.</summary>
    /// <exception cref="JsonException">It is nothing of that kind.</exception>
    public static HostBill Read(string json) =>
        JsonSerializer.Deserialize<HostBill>(json, JsonSerializerOptions.Web) ?? throw new JsonException("it is null");
}

/// <summary>A distribution, in the words of its os-release.</summary>
/// <param name="Id">Its <c>ID</c>: <c>debian</c>.</param>
/// <param name="Version">Its <c>VERSION_ID</c>; empty where it has none.</param>
/// <param name="Title">Its <c>PRETTY_NAME</c>.</param>
public sealed record InstalledSystem(string Id, string Version, string Title);

/// <summary>A package of the distribution.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version; with the epoch in the Debian family.</param>
/// <param name="Epoch">Its epoch in the RHEL family, else 0.</param>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Licence">What the package states of its licence; empty in the Debian family, whose packages state none.</param>
public sealed record InstalledPackage(string Name, string Version, string Epoch, string Architecture, string Licence);

/// <summary>A package of Python.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Licence">Its licence as an SPDX expression; null where it states none.</param>
public sealed record InstalledPython(string Name, string Version, string? Licence);

/// <summary>A module in a program of Go's.</summary>
/// <param name="Name">Its path.</param>
/// <param name="Version">Its version, with <c>v</c>.</param>
public sealed record InstalledModule(string Name, string Version);

/// <summary>What is known of any program that was built from source.</summary>
public abstract record InstalledProgram
{
    /// <summary>Where it is.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is the build that the stack file asks for: then its source is the stack file's.</summary>
    public required bool AsWanted { get; init; }

    /// <summary>The version that it tells.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the program's file.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The packages that it was compiled with; none where this host has not compiled it.</summary>
    public required IReadOnlyList<InstalledPackage> BuiltWith { get; init; }
}

/// <summary>A build of PostgreSQL.</summary>
public sealed record InstalledPostgres : InstalledProgram
{
    /// <summary>Whether it is the one in use; else a server that was started before still runs it.</summary>
    public required bool Used { get; init; }

    /// <summary>The options that configure was given.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>The compiler, as the server names it; null where it names none.</summary>
    public string? Compiler { get; init; }

    /// <summary>The packages of the libraries that it is linked with, and of those that these need.</summary>
    public required IReadOnlyList<InstalledPackage> Libraries { get; init; }
}

/// <summary>An etcd that is no package.</summary>
public sealed record InstalledEtcd : InstalledProgram
{
    /// <summary>The version of Go that has compiled it, without <c>go</c>; empty where it tells none.</summary>
    public required string Go { get; init; }

    /// <summary>The modules in it; none where it was built with the distribution's libraries, which leave no trace in it.</summary>
    public required IReadOnlyList<InstalledModule> Modules { get; init; }
}
