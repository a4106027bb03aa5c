namespace Pulumi.Command.Remote.Inputs;

// The package has no such class; what is the same of both its own stands here once.
public abstract class AnyConnectionArgs : ResourceArgs
{
    private Input<string>? _privateKey;

    [Input("dialErrorLimit")]
    public Input<int>? DialErrorLimit { get; set; } = 10;

    [Input("host", required: true)]
    public Input<string> Host { get; set; } = null!;

    [Input("hostKey")]
    public Input<string>? HostKey { get; set; }

    [Input("perDialTimeout")]
    public Input<int>? PerDialTimeout { get; set; } = 15;

    [Input("port")]
    public Input<double>? Port { get; set; } = 22;

    [Input("privateKey")]
    public Input<string>? PrivateKey
    {
        get => _privateKey;
        set => _privateKey = Secrets.Of(value);
    }

    [Input("user")]
    public Input<string>? User { get; set; } = "root";
}

public sealed class ConnectionArgs : AnyConnectionArgs
{
    [Input("proxy")]
    public Input<ProxyConnectionArgs>? Proxy { get; set; }
}

public sealed class ProxyConnectionArgs : AnyConnectionArgs;

internal static class Secrets
{
    internal static Input<T> Of<T>(Input<T>? value) => Output.CreateSecret(value.ToOutput());
}
