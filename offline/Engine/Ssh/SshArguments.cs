using System.Globalization;

namespace PostgresHa.Offline;

/// <summary>The arguments of the OpenSSH client, which every user of this machine may see.</summary>
internal sealed class SshArguments(SshConnection connection, SshFiles files)
{
    /// <summary>What the client prints once it is connected.</summary>
    internal const string Mark = "pgha-connected";

    private const int AliveSeconds = 10;
    private const int AliveTries = 4;

    // The client looks host keys up by this name instead of the address, so the file needs one line whatever the port is.
    private const string Alias = "pgha-host";

    /// <summary>For the connection that commands share.</summary>
    internal List<string> Connect(string socket, out Dictionary<string, string> environment)
    {
        environment = [];
        var arguments = Options(connection);
        arguments.AddRange(["-T", "-M", "-S", socket, "-o", "ControlPersist=no"]);
        if (connection.Proxy is { } proxy)
        {
            var jump = Options(proxy);
            arguments.AddRange(
                ["-o", "ProxyCommand=ssh " + string.Join(' ', jump.Select(Quote)) + " -W '[%h]:%p' -- " + Quote(proxy.Host)]);
        }

        if (Answers(connection) + (connection.Proxy is null ? null : Answers(connection.Proxy)) is { Length: > 0 } answers)
        {
            environment["SSH_ASKPASS"] = files.Script($"#!/bin/sh\ncase $1 in\n{answers}esac\nexit 1\n");
            environment["SSH_ASKPASS_REQUIRE"] = "force";
        }

        arguments.AddRange(["--", connection.Host, $"echo {Mark}; exec cat >/dev/null"]);
        return arguments;
    }

    /// <summary>For one command on that connection.</summary>
    internal List<string> Run(string socket, string command, IEnumerable<string> variables)
    {
        // Without the shared connection it must fail rather than make one of its own.
        List<string> arguments =
        [
            "-F", "none", "-T", "-S", socket, "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-o", "BatchMode=yes",
            "-o", "LogLevel=ERROR",
        ];
        foreach (var variable in variables)
        {
            arguments.AddRange(["-o", "SendEnv=" + variable]);
        }

        arguments.AddRange(
            ["-l", connection.User, "-p", connection.Port.ToString(CultureInfo.InvariantCulture), "--", connection.Host, command]);
        return arguments;
    }

    private List<string> Options(SshConnection to)
    {
        if (string.IsNullOrWhiteSpace(to.HostKey))
        {
            throw new SshException($"{to}: no host key is configured, so the host cannot be told from an impostor; no connection is made.");
        }

        var interactive = to.Password is not null || to.PrivateKeyPassword is not null;
        // The user's own client configuration counts as little as it does for Pulumi.
        List<string> options =
        [
            "-F", "none",
            "-o", interactive ? "BatchMode=no" : "BatchMode=yes",
            "-o", "StrictHostKeyChecking=yes",
            "-o", "UserKnownHostsFile=" + files.For($"{Alias} {to.HostKey.Trim()}\n"),
            "-o", "GlobalKnownHostsFile=none",
            "-o", "HostKeyAlias=" + Alias,
            "-o", "UpdateHostKeys=no",
            "-o", "ConnectTimeout=" + Math.Max(to.PerDialTimeout, 1).ToString(CultureInfo.InvariantCulture),
            "-o", "ServerAliveInterval=" + AliveSeconds.ToString(CultureInfo.InvariantCulture),
            "-o", "ServerAliveCountMax=" + AliveTries.ToString(CultureInfo.InvariantCulture),
            "-o", "LogLevel=ERROR",
            "-o", "NumberOfPasswordPrompts=1",
            "-o",
            to.Password is null ? "PreferredAuthentications=publickey" : "PreferredAuthentications=publickey,password,keyboard-interactive",
            "-p", to.Port.ToString(CultureInfo.InvariantCulture),
            "-l", to.User,
        ];
        if (to.PrivateKey is { } key)
        {
            options.AddRange(["-i", files.For(key.TrimEnd() + "\n"), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none"]);
        }
        else
        {
            options.AddRange(["-o", "IdentityFile=none"]);
            if ((to.AgentSocketPath ?? Environment.GetEnvironmentVariable("SSH_AUTH_SOCK")) is { Length: > 0 } agent)
            {
                options.AddRange(["-o", "IdentityAgent=" + agent]);
            }
        }

        return options;
    }

    // Branches of the shell script that the client asks for passwords; they read them from files only this user can read.
    private string Answers(SshConnection to)
    {
        var answers = string.Empty;
        if (to.PrivateKeyPassword is { } passphrase && to.PrivateKey is { } key)
        {
            answers += $"*passphrase*{Path.GetFileName(files.For(key.TrimEnd() + "\n"))}*) exec cat {files.For(passphrase + "\n")};;\n";
        }

        if (to.Password is { } password)
        {
            answers += $"*@{Alias}*assword*|*assword*) exec cat {files.For(password + "\n")};;\n";
        }

        return answers;
    }

    private static string Quote(string word) => "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
