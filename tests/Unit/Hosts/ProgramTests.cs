using System.Text;
using System.Text.RegularExpressions;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// Which programs the tools call is read from the tools themselves; each must come in a package that is asked for on that host.
/// </summary>
public sealed partial class ProgramTests
{
    // Programs of one service or of a build, and the packages they come in.
    private static readonly HostPackage[] OfServices =
    [
        new("haproxy", "haproxy", "haproxy", "/usr/sbin/haproxy"),
        new("keepalived", "keepalived", "keepalived"),
        new("pgbouncer", "pgbouncer", "pgbouncer"),
        new("patroni", "patroni", "patroni"),
        new("firewalld", "firewalld", "firewall-offline-cmd"),
        new("kmod", "kmod", "modprobe"),
        new("openssl", "openssl", "openssl"),
        new("golang-go", "golang", "go"),
        new("make", "make", "make"),
        new("binutils", "binutils", "strip"),
        new("bzip2", "bzip2", "bzip2"),
        // Only for a build with the Debian family's libraries.
        new("patch", null, "patch"),
        new("xz-utils", null, "xz"),
    ];

    // What need not be asked for, and why.
    private static readonly Dictionary<string, string> Given = new(StringComparer.Ordinal)
    {
        ["sh"] = "whatever runs the tool",
        ["awk"] = "the Debian family: base-files depends on one; asked for in the RHEL family",
        ["apt-get"] = "the package manager, where it is that one",
        ["apt-cache"] = "the package manager, where it is that one",
        ["apt-config"] = "the package manager, where it is that one",
        ["dpkg"] = "the package manager, where it is that one",
        ["dpkg-query"] = "the package manager, where it is that one",
        ["dnf"] = "the package manager, where it is that one",
        ["rpm"] = "the package manager, where it is that one",
        ["etcdctl"] = "etcd-install has put it there",
        ["prometheus-node-exporter"] = "the package that its service asks for, in the Debian family",
        ["restorecon"] = "used where it is; asked for in the RHEL family",
        ["selinuxenabled"] = "used where it is; asked for in the RHEL family",
        ["getsebool"] = "used behind selinuxenabled",
        ["setsebool"] = "used behind selinuxenabled",
        ["udevadm"] = "where no udev runs, watchdog-apply sets the owner itself",
        ["nft"] = "the preflight asks it where it is",
        ["iptables"] = "the preflight asks it where it is",
        ["ufw"] = "the preflight asks it where it is",
        ["ping"] = "only the preflight asks it, and goes on where it is not there",
    };

    // What a tool computes, and where the program comes from.
    private static readonly Dictionary<string, string> Computed = new(StringComparer.Ordinal)
    {
        ["$"] = "a program that the tool was told, or has found: Patroni's, psql, an interpreter",
        ["$/bin/patroni"] = "Patroni's virtual environment",
        ["$/bin/python"] = "Patroni's virtual environment",
        ["$/bin/postgres"] = "the installed PostgreSQL",
        ["$/source/configure"] = "PostgreSQL's source",
        ["interpreter[0]"] = "the first line of a program that a package brought",
        ["program"] = "a program that was looked for, or that runs",
        ["command"] = "an argument; its callers are seen",
        ["TOOLS + '/haproxy-ask'"] = "a tool",
        ["TOOLS + '/etcd-health'"] = "a tool",
        ["self.restarter()"] = "a tool",
        ["sys.argv[2]"] = "with-environment runs what it is given; its callers are seen",
        ["args.bin + '/postgres'"] = "the installed PostgreSQL",
        ["folder + '/bin/pg_config'"] = "an installed PostgreSQL",
        ["folder + '/bin/postgres'"] = "an installed PostgreSQL",
        ["args.bin + '/psql'"] = "the installed PostgreSQL",
        ["self.args.bin + '/psql'"] = "the installed PostgreSQL",
        ["self.programs + '/' + command[0]"] = "the installed PostgreSQL",
        ["self.programs + '/postgres'"] = "the installed PostgreSQL",
        ["self.command + ['-d', name.encode()]"] = "psql",
    };

    [ProgramFact("shfmt")]
    public void Every_program_of_a_script_is_asked_for() =>
        AreAskedFor(Scripts().SelectMany(script => script.Syntax.Programs.Select(program => (script.Name, program))));

    [ProgramFact("python3")]
    public void Every_program_of_a_tool_in_Python_is_asked_for() =>
        AreAskedFor(OfPython().Where(static line => line.Known).Select(static line => (line.File, line.Text)));

    [Fact]
    public void Every_program_of_a_unit_and_of_a_validator_is_asked_for() => AreAskedFor(OfUnits());

    [ProgramFact("shfmt")]
    public void No_script_runs_what_nobody_knows()
    {
        HashSet<string> tools = [.. ToolBundle.Tools.Select(static tool => tool.Name)];
        string[] unknown =
        [
            .. Scripts().SelectMany(static script => script.Syntax.Computed)
                .Concat(OfPython().Where(static line => !line.Known).Select(static line => line.Text))
                .Where(
                    text => !Computed.ContainsKey(text) && !(text.StartsWith("$/", StringComparison.Ordinal) && tools.Contains(text[2..])))
                .Distinct(),
        ];
        Assert.Empty(unknown);
    }

    /// <summary>Before the packages are installed there is what the smallest system has, and the package manager.</summary>
    [ProgramFact("shfmt")]
    public void The_first_scripts_do_with_what_the_smallest_system_has()
    {
        // In a minimal RHEL family policycoreutils needs all of these but systemd (its specification: util-linux grep gawk sed coreutils);
        // in the Debian family they are essential.
        HashSet<string> smallest = ["coreutils", "util-linux", "grep", "sed", "gawk", "systemd", "findutils"];
        // Of them the preflight says that they are missing, or goes on without.
        HashSet<string> maybe = ["ip", "ss", "pgrep", "curl", "openssl", .. Given.Keys];
        var functions = Functions();

        foreach (var name in new[] { "host/host-preflight.sh", "host/host-unpack.sh", "host/packages-install.sh" })
        {
            string[] other =
            [
                .. ShellSyntax.Of(Templates.Read(name)).Programs.Where(program => !functions.Contains(program) && !maybe.Contains(program)
                    && !HostPackages.All.Any(package => package.Programs.Contains(program) && smallest.Contains(package.Rhel ?? ""))),
            ];
            Assert.True(other.Length == 0, $"{name} calls {string.Join(", ", other)}, which a minimal installation may lack");
        }
    }

    /// <summary>The list does not grow by itself: what no tool calls any more goes.</summary>
    [ProgramFact("shfmt")]
    public void What_is_listed_is_called()
    {
        HashSet<string> called =
        [
            .. Scripts().SelectMany(static script => script.Syntax.Programs),
            .. OfPython().Select(static line => line.Text),
            .. OfUnits().Select(static pair => Name(pair.Program)),
        ];
        // The tools are Python's themselves.
        called.Add("python3");
        Assert.Empty(HostPackages.All.Concat(OfServices).SelectMany(static package => package.Programs).Select(Name).Except(called));
        Assert.Empty(Given.Keys.Except(called));
    }

    /// <summary>The Debian names are what dpkg says of this machine's programs, as far as it has them.</summary>
    [ProgramFact("dpkg-query")]
    public void Debians_names_are_its_own()
    {
        foreach (var package in HostPackages.All.Where(static package => package.Debian is not null))
        {
            foreach (var program in package.Programs)
            {
                // python3 needs python3-minimal, which holds the program.
                if (program != "python3"
                    && new[] { "/usr/bin/", "/usr/sbin/" }.Select(folder => folder + program).FirstOrDefault(File.Exists) is { } path)
                {
                    var owners = Programs.Output("dpkg-query", "-S", path, path["/usr".Length..]);
                    Assert.True(Regex.IsMatch(owners, $"(?m)^{Regex.Escape(package.Debian!)}:"), $"{path} is of:\n{owners}");
                }
            }
        }
    }

    [ProgramFact("shfmt")]
    public void Programs_are_found_wherever_they_stand()
    {
        const string Script = """
            set -eu
            own() { printf x | first --option; }
            value="$(own "$(second)")" || third >/dev/null
            by_proxy timeout 900 fourth install
            find / -exec fifth {} +
            trap 'sixth' EXIT
            sh -c 'seventh | eighth'
            ninth <<TEXT
            $(tenth)
            TEXT
            case $(command -v not-called) in x) wait_until 5 "some text" eleventh ;; esac
            runuser -u x -- test -w / && "$1" twelfth
            set -- env A=b thirteenth "$@"
            "$tools/with-environment" file fourteenth; "$tools/drill-wal" not-called
            tar -xzf x; tar -xf x.tar.xz; tar -C / -xjf x
            """;
        var seen = ShellSyntax.Of(Script);

        Assert.Equal(
            [
                "bzip2", "eighth", "eleventh", "env", "fifth", "find", "first", "fourteenth", "fourth", "gzip", "ninth", "runuser",
                "second",
                "seventh", "sh", "sixth", "tar", "tenth", "test", "third", "thirteenth", "timeout", "twelfth", "xz",
            ],
            seen.Programs);
        Assert.Equal(["$", "$/drill-wal", "$/with-environment"], seen.Computed);
    }

    [Fact]
    public void A_program_that_is_not_asked_for_is_named()
    {
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(
            static () => AreAskedFor([("some-tool.sh", "hostname"), ("some-tool.sh", "cat")]));
        Assert.Contains("some-tool.sh: hostname", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cat", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>EL's sudo looks for programs in the system's own folders only.</summary>
    [Fact]
    public void What_a_person_is_told_to_type_is_found_by_sudo()
    {
        string[] files =
        [
            .. new[] { "templates", "components", "cli", "infra", "docs" }.SelectMany(
                static folder => Directory.EnumerateFiles(Path.Join(Repository.Root, folder), "*", SearchOption.AllDirectories))
                .Where(
                    static file =>
                        !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
                            && !file.EndsWith(".svg", StringComparison.Ordinal)),
            Path.Join(Repository.Root, "README.md"),
        ];
        string[] wrong =
        [
            .. files.SelectMany(
                static file =>
                    File.ReadLines(file).Where(static line => Typed().IsMatch(line))
                        .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}: {line.Trim()}")),
        ];
        Assert.Empty(wrong);

        Assert.Matches(Typed(), "end it with `patronictl resume`");
        Assert.Matches(Typed(), "\"on any host: sudo patronictl restart {name}\"");
        Assert.DoesNotMatch(Typed(), "end it with `sudo /usr/local/bin/patronictl resume`");
    }

    [GeneratedRegex("(?<!/)\\b(patronictl|etcdctl|etcdutl) "
        + "(resume|pause|restart|reinit|remove|reload|list|switchover|failover|edit-config|show-config|history"
        + "|member|endpoint|snapshot|defrag|alarm|get|put|del)\\b")]
    private static partial Regex Typed();

    private static void AreAskedFor(IEnumerable<(string File, string Program)> called)
    {
        (string File, string Program)[] all = [.. called];
        Assert.NotEmpty(all);
        var functions = Functions();
        var missing = new List<string>();
        foreach (var system in new[] { SystemFamily.Debian, SystemFamily.Rhel })
        {
            var asked = Asked(system);
            missing.AddRange(all
                .Where(
                    pair =>
                        !Given.ContainsKey(Name(pair.Program)) && !functions.Contains(pair.Program) && !Own(pair.Program)
                            && !ComesIn(pair.Program, system).Any(asked.Contains))
                .Select(pair => $"{pair.File}: {pair.Program} ({system})"));
        }

        Assert.True(missing.Count == 0, "called, and in no package that is asked for:\n" + string.Join('\n', missing.Distinct()));
    }

    private static IEnumerable<string> ComesIn(string program, SystemFamily system) => HostPackages.All.Concat(OfServices)
        .Where(package => package.Programs.Contains(program) || package.Programs.Contains(Name(program)))
        .Select(package => system == SystemFamily.Debian ? package.Debian : package.Rhel ?? package.Debian).OfType<string>();

    // Everything that a host of the family may be asked to install.
    private static HashSet<string> Asked(SystemFamily system)
    {
        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in new[] { "pip", "package" })
        {
            var cluster = Yaml.Valid(
                Yaml.With(
                    ("hostDefaults", Yaml.Parse($"{{ system: {(system == SystemFamily.Debian ? "debian" : "rhel")}, interface: eth0 }}")),
                    ("patroni", Yaml.Parse($"{{ method: {method} }}"))));
            asked.UnionWith(HostPackages.Of(ClusterServices.All, cluster, cluster.Hosts[0]));
            asked.UnionWith(PostgresFiles.BuildPackages(cluster.Postgres, system));
            foreach (var libraries in Enum.GetValues<GoLibraries>())
            {
                // The one with the distribution's libraries is for the Debian family, and its programs are called for no other.
                asked.UnionWith(
                    EtcdFiles.BuildPackages(
                        cluster.Etcd with { GoLibraries = libraries },
                        libraries == GoLibraries.Distribution ? SystemFamily.Debian : system));
            }
        }

        return asked;
    }

    private static bool Own(string program) =>
        program.StartsWith(HostPaths.Tools + "/", StringComparison.Ordinal) || program is PatroniFiles.ControlPath or "/usr/local/bin/etcd"
            || program.StartsWith("/opt/", StringComparison.Ordinal);

    private static string Name(string program) => program[(program.LastIndexOf('/') + 1)..];

    private static HashSet<string> Functions() =>
    [
        .. Scripts().Where(static script => script.Name.EndsWith("lib.sh", StringComparison.Ordinal))
            .SelectMany(static script => script.Syntax.Functions),
    ];

    private static readonly Lazy<(string Name, ShellSyntax Syntax)[]> AllScripts = new(static () =>
    [
        .. Templates.Names("")
            .Where(
                static name =>
                    name.EndsWith(".sh", StringComparison.Ordinal)
                        || Templates.Read(name).StartsWith("#!/bin/sh\n", StringComparison.Ordinal))
            .Select(static name => (name, ShellSyntax.Of(Rendered().Replace(Templates.Read(name), "\"$$RENDERED\"")))),
    ]);

    private static (string Name, ShellSyntax Syntax)[] Scripts() => Programs.Find("shfmt") is null ? [] : AllScripts.Value;

    [GeneratedRegex("\\{\\{.*?\\}\\}")]
    private static partial Regex Rendered();

    private static IEnumerable<(string File, bool Known, string Text)> OfPython()
    {
        string[] files = [.. Directory.EnumerateFiles(Path.Join(Repository.Root, "templates"), "*.py", SearchOption.AllDirectories)];
        var reader = Path.Join(Repository.Root, "tests/Unit/Hosts/programs.py");
        var said = Encoding.UTF8.GetString(Programs.Answer(Programs.Path("python3"), [], [reader, .. files]));
        foreach (var line in said.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split([": program ", ": computed "], 2, StringSplitOptions.None);
            yield return (Path.GetFileName(parts[0]), line.Contains(": program ", StringComparison.Ordinal), parts[1]);
        }
    }

    private static IEnumerable<(string File, string Program)> OfUnits() => Templates.Names(".service", "service.conf")
        .SelectMany(static name => Templates.Read(name).Split('\n')
            .Where(static line => line.StartsWith("Exec", StringComparison.Ordinal) && !line.EndsWith('='))
            .Select(
                line => (name, line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].TrimStart('+', '-', '@', '!', ':').Split(' ')[0])))
        .Where(static pair => !pair.Item2.StartsWith("{{", StringComparison.Ordinal))
        .Concat(Directory.EnumerateFiles(Path.Join(Repository.Root, "components"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(
                static file =>
                    Validator().Matches(File.ReadAllText(file)).Select(match => (Path.GetFileName(file), match.Groups[1].Value))));

    [GeneratedRegex("Validator = \\$?\"([a-z-]+) ")]
    private static partial Regex Validator();
}
