using Pulumi;
using Pulumi.Command.Remote;
using Pulumi.Random;

namespace PostgresHa.Tests.Engine.Decisions;

/// <summary>Resources whose every operation leaves a line in a file on the host.</summary>
public sealed class Bench(Harness harness, SshServer server)
{
    private readonly string _log = harness.At("ran");

    /// <summary>A file that creations of <see cref="Command"/> with <c>fails</c> wait for in vain.</summary>
    private string Marker => harness.At("works");

    public IReadOnlyList<string> Ran() => File.Exists(_log) ? File.ReadAllLines(_log) : [];

    public void Forget() => File.Delete(_log);

    public void Mend() => File.WriteAllText(Marker, "");

    public void Break() => File.Delete(Marker);

    /// <summary>A command that can be created, updated and deleted.</summary>
    public Command Command(
        string name,
        CustomResourceOptions? options = null,
        Input<string>? stdin = null,
        string? trigger = null,
        bool fails = false,
        Action<CommandArgs>? more = null)
    {
        var args = Harness.Args(server, "");
        Name(args, name, fails);
        args.Stdin = stdin;
        if (trigger is not null)
        {
            args.Triggers = new object[] { trigger };
        }

        more?.Invoke(args);
        return new Command(name, args, options);
    }

    /// <summary>Gives a command the lines of a name.</summary>
    public void Name(CommandArgs args, string name, bool fails = false)
    {
        args.Create = Line("create", name, fails);
        args.Update = Line("update", name, fails: false);
        args.Delete = Line("delete", name, fails: false);
    }

    public static RandomPassword Password(string name, int length, CustomResourceOptions? options = null) =>
        new(name, new RandomPasswordArgs { Length = length, Special = false }, options);

    private string Line(string operation, string name, bool fails) =>
        $"printf '%s\\n' \"{operation} {name}$(sed 's/^/ /')\" >> {_log}" + (fails ? $"; test -e {Marker}" : "");
}
