namespace PostgresHa.Specification;

/// <summary>Exactly one source of the private key, and its file.</summary>
internal static class SshRules
{
    private const string Choices = "set ssh.privateKeyFile, or ssh.agent: true, or run pulumi config set --secret sshPrivateKey";

    public static void Check(SshSpecification ssh, Values values, string projectDirectory, bool hasPrivateKeySecret)
    {
        if (!values.Good(Keys.SshPrivateKeyFile.Path, Keys.SshAgent.Path, "ssh"))
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
            values.Add("ssh", null, "gives no private key", Choices);
        }
        else if (sources.Length > 1)
        {
            values.Add(sources[0], null, $"is set as well as {string.Join(" and ", sources[1..])}", "keep one of them");
        }

        if (ssh.PrivateKeyFile is { } file)
        {
            CheckFile(file, values, projectDirectory);
        }
    }

    private static void CheckFile(string file, Values values, string projectDirectory)
    {
        string path = Keys.SshPrivateKeyFile.Path;
        if (!File.Exists(file))
        {
            values.Add(path, null, $"{file} does not exist", ProjectPath.MissingRemedy(file, projectDirectory, "name the private key's file"));
            return;
        }

        try
        {
            string text = File.ReadAllText(file);
            if (!PrivateKeys.IsOne(text))
            {
                bool isPublic = text.StartsWith("ssh-", StringComparison.Ordinal) || text.StartsWith("ecdsa-", StringComparison.Ordinal);
                values.Add(
                    path,
                    null,
                    $"{file} is {(isPublic ? "a public key" : "no private key")}",
                    isPublic && file.EndsWith(".pub", StringComparison.Ordinal) ? $"name {file[..^4]}" : "name the private key's file");
            }
            else if (PrivateKeys.Problem(text, file) is var (problem, remedy))
            {
                values.Add(path, null, $"{file} {problem}", remedy);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            values.Add(path, null, $"{file} cannot be read", "make it readable for the user who runs this");
        }
    }
}
