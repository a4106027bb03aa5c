using PostgresHa.Components.Declarations;
using PostgresHa.Components.Templating;

namespace PostgresHa.Components.Hosts;

/// <summary>
/// What a service's unit is kept from, as a drop-in of its own: the same for all, but for what a service cannot do without. Only what the
/// oldest systemd knows; see systemd.exec(5).
/// </summary>
public sealed record UnitHardening
{
    // What systemd closes with ProtectSystem=full and ProtectHome.
    private static readonly string[] Protected = ["/usr/", "/home/", "/etc/", "/boot/", "/root/"];

    /// <summary>The unit.</summary>
    public required string Unit { get; init; }

    /// <summary>The capabilities (capabilities(7)) that are left to it. Default none.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The directory that it writes, wherever that is. Default none that would be closed.</summary>
    public string Data { get; init; } = "";

    /// <summary>Of <see cref="Data"/>, what lies where all else is closed to the service; empty where nothing has to be opened.</summary>
    public string Opened => Protected.Any(folder => (Data + "/").StartsWith(folder, StringComparison.Ordinal)) ? Data : "";

    /// <summary>Whether it opens devices of the machine. Default false.</summary>
    public bool Devices { get; init; }

    /// <summary>
    /// The drop-in. The service is restarted for it: what it cannot start with shall be seen then, not at the next boot.
    /// </summary>
    public HostFile File => new()
    {
        Name = "hardening",
        Path = $"/etc/systemd/system/{Unit}.d/hardening.conf",
        Content = Templates.Render("host/hardening.conf", new Dictionary<string, object?>
        {
            ["capabilities"] = Capabilities,
            ["writable"] = Opened,
            ["devices"] = Devices,
        }),
        OnChange = FileEffect.Restart,
    };
}
