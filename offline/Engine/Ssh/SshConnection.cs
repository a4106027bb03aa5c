using System.Globalization;

namespace PostgresHa.Offline;

/// <summary>How a host is reached by SSH.</summary>
public sealed record SshConnection
{
    /// <summary>Address or name. Required.</summary>
    public required string Host { get; init; }

    /// <summary>TCP port. Default 22.</summary>
    public int Port { get; init; } = 22;

    /// <summary>User to log in as. Default root.</summary>
    public string User { get; init; } = "root";

    /// <summary>The host's public key, <c>ssh-ed25519 AAAA…</c>. Without it no connection is made.</summary>
    public string? HostKey { get; init; }

    /// <summary>The private key to log in with, as text; null when an agent or a password does.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>Passphrase of <see cref="PrivateKey"/>; null for none.</summary>
    public string? PrivateKeyPassword { get; init; }

    /// <summary>Password to log in with; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Socket of the agent that holds the key. Default: SSH_AUTH_SOCK, when there is no <see cref="PrivateKey"/>.</summary>
    public string? AgentSocketPath { get; init; }

    /// <summary>How often connecting is tried. Default 10; below 1 for ever.</summary>
    public int DialErrorLimit { get; init; } = 10;

    /// <summary>Seconds that one try may take. Default 15.</summary>
    public int PerDialTimeout { get; init; } = 15;

    /// <summary>The host to jump through; null for a direct connection.</summary>
    public SshConnection? Proxy { get; init; }

    /// <summary>Where it leads, without anything secret.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{User}@{Host}:{Port}") + (Proxy is null ? string.Empty : $" through {Proxy}");
}

/// <summary>What a command on a host ended with.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Stdout">What it wrote to standard output.</param>
/// <param name="Stderr">What it wrote to standard error.</param>
public sealed record SshResult(int ExitCode, string Stdout, string Stderr);

/// <summary>A host could not be reached, or the connection to it was lost.</summary>
public sealed class SshException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What went wrong, with the client's own words.</param>
    /// <param name="inner">The cause.</param>
    public SshException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
