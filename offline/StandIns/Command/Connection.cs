namespace Pulumi.Command.Remote.Inputs;

public sealed class ConnectionArgs : ResourceArgs
{
    private Input<string>? _privateKey;

    public ConnectionArgs()
    {
        DialErrorLimit = 10;
        PerDialTimeout = 15;
        Port = 22;
        User = "root";
    }

    [Input("dialErrorLimit")]
    public Input<int>? DialErrorLimit { get; set; }

    [Input("host", required: true)]
    public Input<string> Host { get; set; } = null!;

    [Input("hostKey")]
    public Input<string>? HostKey { get; set; }

    [Input("perDialTimeout")]
    public Input<int>? PerDialTimeout { get; set; }

    [Input("port")]
    public Input<double>? Port { get; set; }

    [Input("privateKey")]
    public Input<string>? PrivateKey
    {
        get => _privateKey;
        set => _privateKey = Secrets.Of(value);
    }

    [Input("proxy")]
    public Input<ProxyConnectionArgs>? Proxy { get; set; }

    [Input("user")]
    public Input<string>? User { get; set; }
}

public sealed class ProxyConnectionArgs : ResourceArgs
{
    private Input<string>? _privateKey;

    public ProxyConnectionArgs()
    {
        DialErrorLimit = 10;
        PerDialTimeout = 15;
        Port = 22;
        User = "root";
    }

    [Input("dialErrorLimit")]
    public Input<int>? DialErrorLimit { get; set; }

    [Input("host", required: true)]
    public Input<string> Host { get; set; } = null!;

    [Input("hostKey")]
    public Input<string>? HostKey { get; set; }

    [Input("perDialTimeout")]
    public Input<int>? PerDialTimeout { get; set; }

    [Input("port")]
    public Input<double>? Port { get; set; }

    [Input("privateKey")]
    public Input<string>? PrivateKey
    {
        get => _privateKey;
        set => _privateKey = Secrets.Of(value);
    }

    [Input("user")]
    public Input<string>? User { get; set; }
}

internal static class Secrets
{
    internal static Input<T> Of<T>(Input<T>? value) => Output.CreateSecret(value.ToOutput());
}
