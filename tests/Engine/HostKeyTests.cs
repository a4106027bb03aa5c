using PostgresHa.Offline;

namespace PostgresHa.Tests.Engine;

/// <summary>
/// Servers with host keys of other types than ed25519. One after the other with the tests that look at what connections leave behind.
/// </summary>
[Collection("ssh")]
public sealed class HostKeyTests
{
    [SshTheory]
    [InlineData("ecdsa", "ecdsa")]
    [InlineData("rsa", "rsa")]
    // The server would rather show another one than that which is known of it.
    [InlineData("ed25519,ecdsa,rsa", "rsa")]
    [InlineData("ed25519,rsa,ecdsa", "ecdsa")]
    public async Task A_host_is_known_by_the_key_that_is_configured(string has, string known)
    {
        var server = new SshServer { HostKeyTypes = has.Split(',') };
        await server.InitializeAsync();
        try
        {
            await using var client = new SshClient();
            var connection = server.Connection with { HostKey = server.HostKeys[known] };
            Assert.Equal("there\n", (await client.RunAsync(connection, "echo there")).Stdout);
            Assert.Equal("there\n", (await client.RunAsync(connection with { Proxy = connection }, "echo there")).Stdout);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [SshTheory]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task Another_key_of_the_same_type_is_refused(string type)
    {
        var server = new SshServer { HostKeyTypes = [type, "ed25519"] };
        await server.InitializeAsync();
        var folder = Directory.CreateTempSubdirectory("pgha-keys-").FullName;
        try
        {
            await using var client = new SshClient();
            var other = SshServer.NewKey(Path.Combine(folder, "other"), type);
            var error = await Assert.ThrowsAsync<SshException>(() => client.RunAsync(server.Connection with { HostKey = other }, "true"));
            Assert.Contains("another host key", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await server.DisposeAsync();
        }
    }
}
