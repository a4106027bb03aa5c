using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PostgresHa.Components;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Hosts;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Quoting;

/// <summary>
/// etcd itself reads the names in its configuration, takes every password that is accepted, and etcdctl finds it in its file.
/// </summary>
public sealed class EtcdProgramTests
{
    [ProgramFact("etcd")]
    public async Task Etcd_reads_a_name_as_text_whatever_it_looks_like()
    {
        foreach (var name in new[] { "101", "12e5", "0x10", "null", "true", "yes", "2024-01-01" })
        {
            int client = Server.FreePort(), peer = Server.FreePort();
            using var folder = new TemporaryProject();
            var cluster = Yaml.Valid(Yaml.With(("hosts[0].name", JsonValue.Create(name)), ("etcd.tls", JsonValue.Create(false))));
            // The members are those of the loopback address; it waits for the others, and says who they are.
            folder.Write("etcd.yml", EtcdFiles.Config(cluster, cluster.Hosts[0])
                .Replace("10.0.12.9", "127.0.0.1", StringComparison.Ordinal)
                .Replace("http://127.0.0.1:2379,", "", StringComparison.Ordinal)
                .Replace(":2379", $":{client}", StringComparison.Ordinal)
                .Replace("http://127.0.0.1:2380", $"http://127.0.0.1:{peer}", StringComparison.Ordinal)
                .Replace("http://10.0.12.4:2380", "http://127.0.0.1:1", StringComparison.Ordinal)
                .Replace("http://10.0.16.11:2380", "http://127.0.0.1:2", StringComparison.Ordinal)
                .Replace("/var/lib/etcd", folder.Folder + "/data", StringComparison.Ordinal));
            using var server = await Server.StartAsync(
                peer, Programs.Path("etcd"), "--config-file", Path.Join(folder.Folder, "etcd.yml"));
            using var http = new HttpClient();
            var members = await http.GetFromJsonAsync<JsonElement>($"http://127.0.0.1:{peer}/members");
            Assert.Contains(name, members.EnumerateArray().Select(static member => member.GetProperty("name").GetString()));
        }
    }

    [ProgramTheory("etcd")]
    [InlineData("orders", "seed", 0, true)]
    [InlineData("orders", "another seed", 0, false)]
    [InlineData("other", "seed", 0, false)]
    [InlineData("orders", "seed", -120, false)]
    [InlineData("orders", "seed", 120, false)]
    [InlineData(null, "", 0, false)]
    public async Task Etcd_lets_in_who_has_a_certificate_of_its_authority_that_is_valid_today(
        string? cluster, string seed, int days, bool isLetIn)
    {
        using var folder = new TemporaryProject();
        var (authority, now) = (new CertificateAuthority("orders", "seed"), DateTimeOffset.UtcNow);
        folder.Write("ca.crt", authority.Certificate);
        folder.Write("etcd.crt", authority.Sign(SampleRequest.Request, ["db1"], ["127.0.0.1"], now));
        folder.Write("etcd.crt.key", SampleRequest.Key);
        int client = Server.FreePort(), peer = Server.FreePort();
        folder.Write("etcd.yml", EtcdFiles.Config(Yaml.Valid(Yaml.With()), Yaml.Valid(Yaml.With()).Hosts[0])
            .Replace("10.0.12.9", "127.0.0.1", StringComparison.Ordinal)
            .Replace("https://127.0.0.1:2379,", "", StringComparison.Ordinal)
            .Replace(":2379", $":{client}", StringComparison.Ordinal)
            .Replace(":2380", $":{peer}", StringComparison.Ordinal)
            .Replace(CertificateFiles.Folder, folder.Folder, StringComparison.Ordinal)
            .Replace("/var/lib/etcd", folder.Folder + "/data", StringComparison.Ordinal));
        using var server = await Server.StartAsync(client, Programs.Path("etcd"), "--config-file", Path.Join(folder.Folder, "etcd.yml"));

        using var handler = new SocketsHttpHandler();
        using var trusted = X509Certificate2.CreateFromPem(authority.Certificate);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { trusted },
            RevocationMode = X509RevocationMode.NoCheck,
        };
        if (cluster is not null)
        {
            var signed = new CertificateAuthority(cluster, seed).Sign(SampleRequest.Request, ["db1"], ["127.0.0.1"], now.AddDays(days));
            // Sent whatever the server says of authorities.
            var certificate = X509Certificate2.CreateFromPem(signed, SampleRequest.Key);
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        using var http = new HttpClient(handler);
        foreach (var port in new[] { client, peer })
        {
            var answer = await Record.ExceptionAsync(() => http.GetStringAsync(new Uri($"https://127.0.0.1:{port}/version")));
            Assert.True(answer is null == isLetIn, $"port {port}: {answer?.Message ?? "let in"}");
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/version")));
        }
    }

    [ProgramFact("etcdctl")]
    public async Task Etcd_takes_every_password_and_etcdctl_finds_it()
    {
        int client = Server.FreePort(), peer = Server.FreePort();
        using var folder = new TemporaryProject();
        string url = $"http://127.0.0.1:{client}", python = Programs.Path("python3");
        using var server = await Server.StartAsync(
            client, Programs.Path("etcd"), "--name", "test", "--data-dir", folder.Folder + "/data", "--listen-client-urls", url,
            "--advertise-client-urls", url,
            "--listen-peer-urls", $"http://127.0.0.1:{peer}", "--initial-advertise-peer-urls", $"http://127.0.0.1:{peer}",
            "--initial-cluster", $"test=http://127.0.0.1:{peer}");
        foreach (var tool in new[] { "etcd-password", "etcd-client" })
        {
            folder.Write(tool, Templates.Read($"etcd/{tool}.py"));
        }

        var present = "first";
        SetPassword("add", present, "");
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        await Post(http, "role/add", new { name = "root" });
        await Post(http, "user/grant", new { user = "root", role = "root" });
        await Post(http, "enable", new { });
        // Each is hashed thrice, slowly on purpose: few, which hold every printable character between them.
        string printable = new([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(static code => (char)code)]);
        string[] passwords =
        [
            printable[..50], printable[50..] + " ", " a b$(id)`id`\"'\\#=%;= ", "ends in =", new string('x', Passwords.Longest),
        ];
        var cluster = Yaml.Valid(Yaml.With("etcd.tls", "false"));

        foreach (var password in passwords)
        {
            SetPassword("changepw", password, present);
            present = password;
            folder.Write("root.env", EtcdFiles.RootEnvironment(cluster, password));
            var users = Programs.Answer(
                python, [], Path.Join(Repository.Root, "templates/host/with-environment.py"), Path.Join(folder.Folder, "root.env"),
                "/usr/bin/env", "ETCDCTL_ENDPOINTS=" + url, Programs.Path("etcdctl"), "user", "list");
            Assert.Equal("root\n", Encoding.UTF8.GetString(users));
        }

        void SetPassword(string method, string password, string root) => Programs.Answer(
            python, Encoding.UTF8.GetBytes($"{password}\n{root}\n"), Path.Join(folder.Folder, "etcd-password"), method, "root", url);
    }

    private static async Task Post(HttpClient client, string method, object body)
    {
        using var response = await client.PostAsJsonAsync("/v3/auth/" + method, body);
        var said = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method}: {response.StatusCode} {said}");
    }
}
