using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using PostgresHa.Components;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Quoting;

/// <summary>
/// Every password of the sample, told to the program that reads it from its file: it lets that password in, and none but it.
/// </summary>
public sealed class ProgramTests
{
    [ProgramFact("haproxy")]
    public async Task HAProxy_lets_in_who_knows_the_statistics_password()
    {
        var port = Server.FreePort();
        using var folder = new TemporaryProject();
        folder.Write("haproxy.cfg", $"""
            defaults
                mode http
                timeout client 10s
                timeout server 10s
                timeout connect 10s
            frontend test
                bind 127.0.0.1:{port}
            {string.Concat(Samples.Passwords.Select(static (_, i) => $"    http-request return status 200 if {{ path /{i} }} {{ http_auth(statistics{i}) }}\n"))}
                http-request deny

            """);
        folder.Write("users.cfg", string.Concat(Samples.Passwords.Select(static (password, i) =>
            HAProxyFiles.Users("admin", password)
                .Replace("userlist statistics\n", $"userlist statistics{i}\n", StringComparison.Ordinal))));
        using var server = await Server.StartAsync(
            port, Programs.Path("haproxy"), "-db", "-f", Path.Join(folder.Folder, "haproxy.cfg"), "-f",
            Path.Join(folder.Folder, "users.cfg"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };

        for (var i = 0; i < Samples.Passwords.Count; i++)
        {
            Assert.True(await LogsIn(i, Samples.Passwords[i]) == HttpStatusCode.OK, $"refused: {Samples.Passwords[i]}");
            Assert.Equal(HttpStatusCode.Forbidden, await LogsIn(i, Samples.Passwords[i] + "x"));
            Assert.Equal(HttpStatusCode.Forbidden, await LogsIn(i, Samples.Passwords[i][..^1]));
        }

        async Task<HttpStatusCode> LogsIn(int index, string password)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, index.ToString(CultureInfo.InvariantCulture));
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:" + password)));
            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [ProgramFact("pgbouncer")]
    public async Task PgBouncer_lets_in_who_knows_its_password()
    {
        var port = Server.FreePort();
        using var folder = new TemporaryProject();
        var users = string.Join(", ", Samples.Passwords.Select(static (_, i) => $"user{i}"));
        folder.Write("pgbouncer.ini", $"""
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = plain
            auth_file = {folder.Folder}/userlist.txt
            admin_users = {users}

            """);
        folder.Write("userlist.txt", string.Concat(Samples.Passwords.Select(static (password, i) =>
            PgBouncerFiles.UserList(password).Replace("\"pgbouncer\"", $"\"user{i}\"", StringComparison.Ordinal))));
        // It does not run as root, and then has to find its files as somebody else.
        string[] user = Environment.IsPrivilegedProcess ? ["-u", "nobody"] : [];
        Programs.Accepts("/bin/chmod", "755", folder.Folder);
        using var server = await Server.StartAsync(
            port, Programs.Path("pgbouncer"), [.. user, Path.Join(folder.Folder, "pgbouncer.ini")]);

        for (var i = 0; i < Samples.Passwords.Count; i++)
        {
            Assert.True(await LogsIn(i, Samples.Passwords[i]), $"refused: {Samples.Passwords[i]}");
            Assert.False(await LogsIn(i, Samples.Passwords[i] + "x"));
        }

        async Task<bool> LogsIn(int index, string password)
        {
            using var connection = new TcpClient();
            await connection.ConnectAsync(IPAddress.Loopback, port);
            var stream = connection.GetStream();
            await stream.WriteAsync(
                Message(
                    null,
                    BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(196608)),
                    Encoding.UTF8.GetBytes($"user\0user{index}\0database\0pgbouncer\0\0")));
            Assert.Equal([(byte)'R', 0, 0, 0, 8, 0, 0, 0, 3], await Read(stream));
            await stream.WriteAsync(Message('p', Encoding.UTF8.GetBytes(password + "\0")));
            return (await Read(stream))[0] == 'R';
        }
    }

    // PostgreSQL's messages: a letter, except in the first, then the length with itself, then the content.
    private static byte[] Message(char? letter, params byte[][] parts)
    {
        byte[] content = [.. parts.SelectMany(static part => part)];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length + 4);
        return letter is { } first ? [(byte)first, .. length, .. content] : [.. length, .. content];
    }

    private static async Task<byte[]> Read(NetworkStream stream)
    {
        var head = new byte[5];
        await stream.ReadExactlyAsync(head);
        var content = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
        await stream.ReadExactlyAsync(content);
        return [.. head, .. content];
    }
}
