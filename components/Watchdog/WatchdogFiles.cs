using System.Globalization;
using PostgresHa.Components.Declarations;
using PostgresHa.Components.Templating;
using PostgresHa.Specification;

namespace PostgresHa.Components;

/// <summary>Files of the watchdog. Plain computing.</summary>
public static class WatchdogFiles
{
    /// <summary>The module's options.</summary>
    public const string OptionsPath = "/etc/modprobe.d/postgres-ha-softdog.conf";

    /// <summary>Who owns the device.</summary>
    public const string RulesPath = "/etc/udev/rules.d/60-postgres-ha-watchdog.rules";

    /// <summary>The unit that loads the module at boot where there is no other watchdog.</summary>
    public const string UnitPath = "/etc/systemd/system/postgres-ha-watchdog.service";

    /// <summary>The files.</summary>
    /// <param name="patroni">Patroni's part of the specification.</param>
    public static IReadOnlyList<HostFile> All(PatroniSpecification patroni) =>
    [
        new HostFile
        {
            Name = "options",
            Path = OptionsPath,
            Content = Templates.Render("watchdog/modprobe.conf", new Dictionary<string, object?>
            {
                ["margin"] = Margin(patroni).ToString(CultureInfo.InvariantCulture),
            }),
        },
        new HostFile
        {
            Name = "rules",
            Path = RulesPath,
            Content = Templates.Render("watchdog/watchdog.rules", new Dictionary<string, object?> { ["user"] = PostgresFiles.User }),
        },
        new HostFile
        {
            Name = "unit",
            Path = UnitPath,
            Content = Templates.Render("watchdog/postgres-ha-watchdog.service", new Dictionary<string, object?>()),
        },
    ];

    /// <summary>
    /// Seconds after which the watchdog fires, as Patroni computes them: ttl less the safety margin, or half of ttl when that is negative.
    /// </summary>
    /// <param name="patroni">Patroni's part of the specification.</param>
    public static int Margin(PatroniSpecification patroni)
    {
        var ttl = (int)patroni.Ttl.TotalSeconds;
        var margin = (int)patroni.WatchdogSafetyMargin.TotalSeconds;
        return Math.Max(1, margin < 0 ? ttl / 2 : ttl - margin);
    }
}
