namespace PostgresHa.Specification;

/// <summary>Exactly one source of the private key, and its file.</summary>
internal static class SshRules
{
    private const string Choices = "set ssh.privateKeyFile, or ssh.agent: true, or run pulumi config set --secret sshPrivateKey";

    public static void Check(SshSpecification ssh, Findings findings, Func<string, string?>? maker, bool hasPrivateKeySecret)
    {
        if (!findings.Good("ssh.privateKeyFile", "ssh.agent", "ssh"))
        {
            return;
        }

        string[] sources =
        [
            .. ssh.PrivateKeyFile is null ? Array.Empty<string>() : ["ssh.privateKeyFile"],
            .. ssh.Agent ? ["ssh.agent"] : Array.Empty<string>(),
            .. hasPrivateKeySecret ? ["the secret sshPrivateKey"] : Array.Empty<string>(),
        ];
        if (sources.Length == 0)
        {
            findings.Add("ssh", null, "gives no private key", Choices);
        }
        else if (sources.Length > 1)
        {
            findings.Add(sources[0], null, $"is set as well as {string.Join(" and ", sources[1..])}", "keep one of them");
        }

        if (ssh.PrivateKeyFile is { } file)
        {
            CheckFile(file, findings, maker);
        }
    }

    private static void CheckFile(string file, Findings findings, Func<string, string?>? maker)
    {
        var path = "ssh.privateKeyFile";
        if (!File.Exists(file))
        {
            findings.Add(path, null, $"{file} does not exist", maker?.Invoke(file) ?? "name the private key's file");
            return;
        }

        try
        {
            var text = File.ReadAllText(file);
            if (!PrivateKeys.IsOne(text))
            {
                var isPublic = text.StartsWith("ssh-", StringComparison.Ordinal) || text.StartsWith("ecdsa-", StringComparison.Ordinal);
                findings.Add(
                    path,
                    null,
                    $"{file} is {(isPublic ? "a public key" : "not a private key")}",
                    isPublic && file.EndsWith(".pub", StringComparison.Ordinal) ? $"name {file[..^4]}" : "name the private key's file");
            }
            else if (PrivateKeys.Problem(text, file) is var (problem, remedy))
            {
                findings.Add(path, null, $"{file} {problem}", remedy);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            findings.Add(path, null, $"{file} cannot be read", "make it readable for the user who runs this");
        }
    }
}
