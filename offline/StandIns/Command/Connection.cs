namespace Pulumi.Command.Remote.Inputs
{
    public sealed class ConnectionArgs : ResourceArgs
    {
        private Input<string>? _password;
        private Input<string>? _privateKey;
        private Input<string>? _privateKeyPassword;

        public ConnectionArgs()
        {
            DialErrorLimit = 10;
            PerDialTimeout = 15;
            Port = 22;
            User = "root";
        }

        public static new ConnectionArgs Empty => new();

        [Input("agentSocketPath")]
        public Input<string>? AgentSocketPath { get; set; }

        [Input("dialErrorLimit")]
        public Input<int>? DialErrorLimit { get; set; }

        [Input("host", required: true)]
        public Input<string> Host { get; set; } = null!;

        [Input("hostKey")]
        public Input<string>? HostKey { get; set; }

        [Input("password")]
        public Input<string>? Password
        {
            get => _password;
            set => _password = Secrets.Of(value);
        }

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

        [Input("privateKeyPassword")]
        public Input<string>? PrivateKeyPassword
        {
            get => _privateKeyPassword;
            set => _privateKeyPassword = Secrets.Of(value);
        }

        [Input("proxy")]
        public Input<ProxyConnectionArgs>? Proxy { get; set; }

        [Input("user")]
        public Input<string>? User { get; set; }
    }

    public sealed class ProxyConnectionArgs : ResourceArgs
    {
        private Input<string>? _password;
        private Input<string>? _privateKey;
        private Input<string>? _privateKeyPassword;

        public ProxyConnectionArgs()
        {
            DialErrorLimit = 10;
            PerDialTimeout = 15;
            Port = 22;
            User = "root";
        }

        public static new ProxyConnectionArgs Empty => new();

        [Input("agentSocketPath")]
        public Input<string>? AgentSocketPath { get; set; }

        [Input("dialErrorLimit")]
        public Input<int>? DialErrorLimit { get; set; }

        [Input("host", required: true)]
        public Input<string> Host { get; set; } = null!;

        [Input("hostKey")]
        public Input<string>? HostKey { get; set; }

        [Input("password")]
        public Input<string>? Password
        {
            get => _password;
            set => _password = Secrets.Of(value);
        }

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

        [Input("privateKeyPassword")]
        public Input<string>? PrivateKeyPassword
        {
            get => _privateKeyPassword;
            set => _privateKeyPassword = Secrets.Of(value);
        }

        [Input("user")]
        public Input<string>? User { get; set; }
    }

    internal static class Secrets
    {
        internal static Input<T> Of<T>(Input<T>? value) => Output.CreateSecret(value.ToOutput());
    }
}

namespace Pulumi.Command.Remote.Outputs
{
    [OutputType]
    public sealed class Connection
    {
        public readonly string? AgentSocketPath;
        public readonly int? DialErrorLimit;
        public readonly string Host;
        public readonly string? HostKey;
        public readonly string? Password;
        public readonly int? PerDialTimeout;
        public readonly double? Port;
        public readonly string? PrivateKey;
        public readonly string? PrivateKeyPassword;
        public readonly string? User;

        [OutputConstructor]
        private Connection(
            string? agentSocketPath, int? dialErrorLimit, string host, string? hostKey, string? password, int? perDialTimeout,
            double? port, string? privateKey, string? privateKeyPassword, string? user)
        {
            AgentSocketPath = agentSocketPath;
            DialErrorLimit = dialErrorLimit;
            Host = host;
            HostKey = hostKey;
            Password = password;
            PerDialTimeout = perDialTimeout;
            Port = port;
            PrivateKey = privateKey;
            PrivateKeyPassword = privateKeyPassword;
            User = user;
        }
    }
}
