using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>A service that shows a certificate which has ended rereads it, without anybody being waited for; no other does.</summary>
public sealed class CertificateEndedTests
{
    private const string Serve = """
        import socket, ssl, sys
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("/srv/shown.crt", "/srv/shown.key")
        listener = socket.create_server(("127.0.0.1", 15432))
        while True:
            connection, _ = listener.accept()
            try:
                if sys.argv[1] == "True":
                    connection.recv(8)
                    connection.sendall(b"S")
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                pass
        """;

    [HostTheory]
    [InlineData(0, false, false)]
    [InlineData(0, true, false)]
    [InlineData(-200, false, true)]
    [InlineData(-200, true, true)]
    public void It_reloads_where_what_is_shown_has_ended(int days, bool asks, bool reloads)
    {
        using var host = new ThrowAwayHost()
            .Stub("systemctl", "echo \"$@\" >>/srv/told")
            .Write("/srv/serve.py", Serve)
            .Write("/srv/shown.key", SampleRequest.Key)
            .Write(
                "/srv/shown.crt",
                new CertificateAuthority("orders", "seed")
                    .Sign(SampleRequest.Request, ["db1"], ["127.0.0.1"], DateTimeOffset.UtcNow.AddDays(days)));

        // Nobody listens at the second place.
        var seen = host.Run($$"""
            exec unshare --net sh -c '
            ip link set lo up; python3 /srv/serve.py {{asks}} & server=$!
            for _ in $(seq 250); do ss -Hltn | grep -q :15432 && break; sleep 0.02; done
            {{HostPaths.Tool("certificate-ended")}} a.service {{(asks ? "--asks" : "")}} 127.0.0.1:15432 127.0.0.1:1
            kill $server; cat /srv/told'
            """);

        Assert.Equal(
            reloads
                ? "changed: a.service reloaded: the certificate on 127.0.0.1:15432 had ended\nreload a.service\n"
                : "unchanged: no certificate that is shown has ended\n",
            seen.Output);
    }
}
