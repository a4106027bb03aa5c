using PostgresHa.Specification;

namespace PostgresHa.Cli.Drills;

/// <summary>The stack as it is at present: a host that was replaced has another key than before.</summary>
internal sealed class CurrentStack(StackContext stack)
{
    private volatile View _view = new(stack);

    /// <summary>The stack.</summary>
    public StackContext Stack => _view.Stack;

    /// <summary>Reads it anew.</summary>
    public void Refresh() => _view = new View(StackContext.Load(_view.Stack.Project, _view.Stack.Stack, withoutLab: true));

    /// <summary>The connection to a host, by the key that it has now.</summary>
    public Offline.SshConnection To(HostSpecification host)
    {
        var view = _view;
        return view.Connections.To(view.Stack.Specification.Hosts.FirstOrDefault(one => one.Name == host.Name) ?? host);
    }

    private sealed class View(StackContext stack)
    {
        public StackContext Stack { get; } = stack;

        public HostConnections Connections { get; } = new(stack);
    }
}
