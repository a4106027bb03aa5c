using PostgresHa.Components.Remote;
using PostgresHa.Tests.Unit.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>What answers in Patroni's place while the leader's is restarted, and how it gives the port back.</summary>
public sealed class PatroniAnswerTests
{
    // Patroni has the port at first; the next one asks whether another of its name is there, and opens it at once.
    private const string Restart = """
        import http.client, importlib.util, socket, ssl, sys, time
        from importlib.machinery import SourceFileLoader
        sys.dont_write_bytecode = True
        loader = SourceFileLoader("answer", sys.argv[1])
        answer = importlib.util.module_from_spec(importlib.util.spec_from_loader("answer", loader))
        loader.exec_module(answer)
        before = socket.create_server(("127.0.0.1", 0))
        port = before.getsockname()[1]
        scheme = sys.argv[3]

        def ask(method, path):
            end = time.monotonic() + 10
            while True:
                try:
                    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2) if scheme == "http" else \
                        http.client.HTTPSConnection("127.0.0.1", port, timeout=2, context=ssl.create_default_context(cafile="/srv/ca.crt"))
                    connection.request(method, path)
                    return connection.getresponse().status
                except ConnectionRefusedError:
                    if time.monotonic() > end: raise
                except http.client.RemoteDisconnected:
                    return "nothing"

        with answer.StandIn("%s://127.0.0.1:%d" % (scheme, port), "/srv/own.crt", "/srv/own.key") as stand_in:
            before.close()
            silent = None
            asked = ("OPTIONS /primary", "GET /primary?lag=1", "OPTIONS /replica", "GET /patroni", "POST /failsafe")
            for line in asked:
                print(line, ask(*line.split()))
                silent = silent or socket.create_connection(("127.0.0.1", port))
            if sys.argv[2] == "asks":
                print("GET /liveness", ask("GET", "/liveness"))
                # It looks for its PostgreSQL first.
                print("OPTIONS /primary", ask("OPTIONS", "/primary"))
            else:
                stand_in.alive = lambda: False
            stand_in.thread.join(5)
            socket.create_server(("127.0.0.1", port)).close()
            print("free")
        """;

    [HostTheory]
    [InlineData("asks", "http")]
    [InlineData("ends", "http")]
    [InlineData("asks", "https")]
    [InlineData("ends", "https")]
    public void Only_the_leaders_question_is_answered_and_the_next_Patroni_finds_the_port_free(string next, string scheme)
    {
        using var host = new ThrowAwayHost()
            .Write("/srv/restart.py", Restart)
            .Write("/srv/own.crt", SampleRequest.Certificate)
            .Write("/srv/own.key", SampleRequest.Key)
            .Write("/srv/ca.crt", SampleRequest.Authority);
        var seen = host.Run($"python3 /srv/restart.py {HostPaths.Tool("patroni-answer")} {next} {scheme}");

        Assert.Equal("", seen.Error);
        Assert.Equal(
            "OPTIONS /primary 200\nGET /primary?lag=1 200\nOPTIONS /replica 503\nGET /patroni 503\nPOST /failsafe 503\n"
            + (next == "asks" ? "GET /liveness nothing\nOPTIONS /primary 200\n" : "")
            + "free\n",
            seen.Output);
    }
}
