using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Whom the tools believe to be a member of Patroni, and to whom they say its password.</summary>
public sealed class PatroniClientTests
{
    // A member that answers by the one or the other, and says which password it was told.
    private const string Ask = """
        import base64, http.server, importlib.util, ssl, sys, threading
        from importlib.machinery import SourceFileLoader
        sys.dont_write_bytecode = True
        loader = SourceFileLoader("client", sys.argv[1])
        client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
        loader.exec_module(client)
        told = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(base64.b64decode(self.headers["Authorization"].split()[1]).decode())
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"done")
            def log_message(self, *_):
                pass

        member = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        if sys.argv[3] == "https":
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain("/srv/member.crt", "/srv/member.key")
            member.socket = context.wrap_socket(member.socket, server_side=True, do_handshake_on_connect=False)
        member.handle_error = lambda *_: None
        threading.Thread(target=member.serve_forever, daemon=True).start()
        url = "%s://127.0.0.1:%d" % (sys.argv[2], member.server_port)
        status, text = client.request(url + "/reload", "POST", {})
        # A second one goes the way that is known by then.
        again, _ = client.request(url + "/reload", "POST", {})
        print(status, again, ",".join(told), client.spoken(url).split(":")[0])
        """;

    [HostTheory]
    [InlineData("https", "https", true, true, false, true)]
    [InlineData("http", "http", true, false, false, true)]
    // As the stack says, the member has changed already, or not yet.
    [InlineData("http", "https", true, true, false, true)]
    [InlineData("http", "https", true, false, false, true)]
    [InlineData("https", "http", true, false, false, true)]
    [InlineData("https", "http", true, true, true, true)]
    // Nothing is to change.
    [InlineData("https", "http", true, true, false, false)]
    // Somebody else.
    [InlineData("https", "https", false, true, true, false)]
    [InlineData("http", "https", false, true, true, false)]
    public void A_member_is_asked_without_TLS_amid_a_change_only(
        string asked, string answers, bool known, bool ownHasTls, bool changing, bool believed)
    {
        using var host = new ThrowAwayHost()
            .Write("/srv/ask.py", Ask)
            .Write("/srv/member.key", SampleRequest.Key)
            .Write("/srv/member.crt", known
                ? SampleRequest.Certificate
                : new CertificateAuthority("orders", "another").Sign(SampleRequest.Request, ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow))
            .Write(CertificateFiles.AuthorityPath, SampleRequest.Authority)
            .Write(PatroniFiles.ConfigPath, "restapi:\n  listen: 127.0.0.1:1\n" + (ownHasTls ? "  certfile: /srv/member.crt\n" : ""))
            .Write(PatroniFiles.SecretsPath, "PATRONI_RESTAPI_USERNAME=patroni\nPATRONI_RESTAPI_PASSWORD=\"secret\"\n");
        if (changing)
        {
            host.Write("/var/lib/postgres-ha/haproxy-checks", "1\n");
        }

        var seen = host.Run($"python3 /srv/ask.py {HostPaths.Tool("patroni-client")} {asked} {answers}");

        Assert.Equal("", seen.Error);
        Assert.Equal(
            believed ? $"200 200 patroni:secret,patroni:secret {answers}" : $"0 0  {asked}",
            seen.Output.Trim());
    }
}
