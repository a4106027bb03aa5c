using System.Globalization;
using System.Text.RegularExpressions;
using PostgresHa.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// What our units ask of systemd is known to the oldest one there is: 239, in EL8. An older systemd only logs that it does not know a
/// directive, and goes on without; a limit or a protection would silently not be there.
/// </summary>
public sealed partial class UnitFileTests
{
    private const int Oldest = 239;

    // The version that brought each: the first of systemd's releases whose table of directives (src/core/load-fragment-gperf.gperf) has
    // it; 33 stands for that one and all before it. Those of [Install] are in the table of systemctl instead.
    private static readonly Dictionary<string, int> Directives = new(StringComparer.Ordinal)
    {
        ["After"] = 33,
        ["Before"] = 33,
        ["BindReadOnlyPaths"] = 233,
        ["CapabilityBoundingSet"] = 33,
        ["ConditionPathExists"] = 33,
        ["ConditionVirtualization"] = 33,
        ["Description"] = 33,
        ["Documentation"] = 183,
        ["DynamicUser"] = 232,
        ["Environment"] = 33,
        ["EnvironmentFile"] = 33,
        ["ExecReload"] = 33,
        ["ExecStart"] = 33,
        ["ExecStartPre"] = 33,
        ["Group"] = 33,
        ["IOSchedulingClass"] = 33,
        ["IOSchedulingPriority"] = 33,
        ["KillMode"] = 33,
        ["KillSignal"] = 33,
        ["LimitNOFILE"] = 33,
        ["LockPersonality"] = 235,
        ["NoNewPrivileges"] = 187,
        ["OOMScoreAdjust"] = 33,
        ["OnCalendar"] = 197,
        ["Persistent"] = 212,
        ["PrivateDevices"] = 209,
        ["PrivateNetwork"] = 33,
        ["PrivateTmp"] = 33,
        ["ProtectControlGroups"] = 232,
        ["ProtectHome"] = 214,
        ["ProtectKernelModules"] = 232,
        ["ProtectKernelTunables"] = 232,
        ["ProtectSystem"] = 214,
        ["RandomizedDelaySec"] = 229,
        ["ReadWritePaths"] = 231,
        ["RemainAfterExit"] = 33,
        ["Restart"] = 33,
        ["RestartSec"] = 33,
        ["RestrictAddressFamilies"] = 211,
        ["RestrictNamespaces"] = 233,
        ["RestrictRealtime"] = 231,
        ["RuntimeDirectory"] = 211,
        ["RuntimeDirectoryPreserve"] = 235,
        ["StartLimitIntervalSec"] = 230,
        ["StateDirectory"] = 235,
        ["StateDirectoryMode"] = 235,
        ["SuccessExitStatus"] = 189,
        ["SystemCallArchitectures"] = 209,
        ["SystemCallErrorNumber"] = 209,
        ["SystemCallFilter"] = 187,
        ["TimeoutSec"] = 33,
        ["TimeoutStartSec"] = 188,
        ["TimeoutStopSec"] = 188,
        ["Type"] = 33,
        ["User"] = 33,
        ["WantedBy"] = 33,
        ["Wants"] = 33,
        // Of systemd-run.
        ["AccuracySec"] = 209,
        ["RuntimeMaxSec"] = 229,
        ["WorkingDirectory"] = 33,
        // Known, and too young.
        ["ProtectHostname"] = 242,
        ["RestrictSUIDSGID"] = 242,
        ["ExecCondition"] = 243,
        ["ProtectKernelLogs"] = 244,
        ["ProtectClock"] = 245,
        ["LogNamespace"] = 245,
        ["ProtectProc"] = 247,
        ["NoExecPaths"] = 248,
        ["RestartSteps"] = 254,
    };

    // Values of an older directive that came later, by systemd's NEWS.
    private static readonly (string Directive, string Value, int Since)[] Values =
    [
        ("SystemCallFilter", "@system-service", 239),
        ("Type", "exec", 240),
        ("Type", "notify-reload", 253),
        ("StandardOutput", "append:", 240),
        ("StandardError", "append:", 240),
        ("StandardOutput", "truncate:", 248),
        ("StandardError", "truncate:", 248),
        ("ExitType", "cgroup", 250),
    ];

    // Options of systemd-run, by the first release whose src/run/run.c has them.
    private static readonly Dictionary<string, int> RunOptions = new(StringComparer.Ordinal)
    {
        ["--unit"] = 205,
        ["--property"] = 211,
        ["--uid"] = 209,
        ["--nice"] = 209,
        ["--on-active"] = 218,
        ["--timer-property"] = 218,
        ["--quiet"] = 219,
        ["--collect"] = 236,
        ["--wait"] = 232,
        ["--working-directory"] = 240,
        ["--shell"] = 240,
    };

    public static TheoryData<string> Units => [.. Templates.Names(".service", ".timer", "service.conf", "hardening.conf")];

    [Theory]
    [MemberData(nameof(Units))]
    public void EL8s_systemd_knows_each_directive(string template) => Assert.Empty(Unknown(Templates.Read(template)));

    [Fact]
    public void EL8s_systemd_run_knows_each_option_and_property()
    {
        string[] calls =
        [
            .. Templates.Names(".sh").SelectMany(static name => Runs().Matches(Templates.Read(name)).Select(static match => match.Value)),
        ];

        Assert.NotEmpty(calls);
        Assert.Empty(calls.SelectMany(UnknownOptions));
    }

    [Theory]
    [InlineData("ProtectClock=yes", "ProtectClock came with systemd 245")]
    [InlineData("StandardOutput=append:/var/log/x", "StandardOutput=append: came with systemd 240")]
    [InlineData("Type=exec", "Type=exec came with systemd 240")]
    [InlineData("MadeUp=yes", "MadeUp is not in the table")]
    public void What_came_later_is_found(string line, string finding) =>
        Assert.Contains(Unknown("[Service]\nUser=x\n" + line + "\n"), found => found.StartsWith(finding, StringComparison.Ordinal));

    [Theory]
    [InlineData("systemd-run --working-directory=/ true", "--working-directory came with systemd 240")]
    [InlineData("systemd-run --property=ProtectClock=yes true", "ProtectClock came with systemd 245")]
    [InlineData("systemd-run --property=StandardOutput=append:/x \\\n  true", "StandardOutput=append: came with systemd 240")]
    [InlineData("systemd-run --made-up true", "--made-up is not in the table")]
    public void So_it_is_of_systemd_run(string call, string finding) =>
        Assert.Contains(UnknownOptions(Runs().Match(call).Value), found => found.StartsWith(finding, StringComparison.Ordinal));

    // A call with the lines that continue it.
    [GeneratedRegex(@"(?m)^\s*systemd-run (?:.*\\\n)*.*$")]
    private static partial Regex Runs();

    [GeneratedRegex(@"(?<=\s)(--[a-z-]+)(?:=""?([A-Za-z]+)(?:=""?(\S*))?)?")]
    private static partial Regex Options();

    private static IEnumerable<string> Unknown(string unit) => unit.Split('\n')
        .Select(static line => line.Split('=', 2))
        .Where(static parts => parts.Length == 2 && parts[0].Length > 0 && parts[0].All(char.IsAsciiLetter))
        .SelectMany(static parts => Judge(parts[0], parts[1]));

    private static IEnumerable<string> UnknownOptions(string call)
    {
        // Behind the program come its own options.
        foreach (Match option in Options().Matches(call.Split(" /usr/bin/python3 ")[0].Split(" /bin/sh ")[0]))
        {
            var name = option.Groups[1].Value;
            foreach (var finding in Judge(RunOptions, name))
            {
                yield return finding;
            }

            if (name is "--property" or "--timer-property")
            {
                foreach (var finding in Judge(option.Groups[2].Value, option.Groups[3].Value))
                {
                    yield return finding;
                }
            }
        }
    }

    private static IEnumerable<string> Judge(string directive, string value) => Judge(Directives, directive)
        .Concat(Values.Where(
            one => one.Directive == directive && value.StartsWith(one.Value, StringComparison.Ordinal) && one.Since > Oldest)
            .Select(static one => Later($"{one.Directive}={one.Value}", one.Since)));

    private static IEnumerable<string> Judge(Dictionary<string, int> table, string name)
    {
        if (!table.TryGetValue(name, out var since))
        {
            yield return $"{name} is not in the table: look up which systemd brought it";
        }
        else if (since > Oldest)
        {
            yield return Later(name, since);
        }
    }

    private static string Later(string what, int since) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} came with systemd {since}, EL8 has {Oldest}");
}
