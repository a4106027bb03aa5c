using System.Text.RegularExpressions;
using PostgresHa.Components;
using PostgresHa.Components.Remote;
using PostgresHa.Specification;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

/// <summary>
/// What SELinux's targeted policy forbids on the RHEL family, held as rules for what is rendered: no host of that family is at hand to
/// find it out. The rules were read from, and asked of, the compiled policies of github.com/fedora-selinux/selinux-policy: branches c9s
/// and c10s, and f30 as the oldest that EL 8 comes from.
/// </summary>
public sealed partial class ConfinementTests
{
    private static readonly ClusterSpecification Cluster = Yaml.Valid(Yaml.With("hostDefaults.system", "rhel"));

    private static string Folder => HAProxyFiles.Folder;

    // rhcs.te: haproxy_t has no capability dac_override, so that root itself may not write into a folder of the user haproxy's.
    [Fact]
    public void The_folder_of_the_admin_socket_is_roots()
    {
        var socket = Socket().Match(HAProxyFiles.Config(Cluster)).Groups[1].Value;

        Assert.Equal(Folder, Path.GetDirectoryName(socket));
        var unit = HAProxyFiles.Unit().Split('\n').ToList();
        Assert.Contains($"ExecStartPre=/usr/bin/install -d -o root -g root -m 00755 {Folder}", unit);
        Assert.DoesNotContain(unit, static line => line.Contains("-o haproxy", StringComparison.Ordinal));
        Assert.Contains($"install -d -o root -g root -m 0755 {Folder}\n", Tool("haproxy-reload"), StringComparison.Ordinal);
        Assert.Contains($"connect(\"{socket}\")", Tool("haproxy-ask"), StringComparison.Ordinal);
    }

    // rhcs.fc: what lies in /var/lib/haproxy is haproxy_var_lib_t, which haproxy_t may read; what a shell of the unit makes in /run is
    // not.
    [Fact]
    public void What_HAProxy_reads_of_its_earlier_self_lies_where_a_file_gets_its_type()
    {
        var state = StateFile().Match(HAProxyFiles.Config(Cluster)).Groups[1].Value;

        Assert.StartsWith("/var/lib/haproxy/", state, StringComparison.Ordinal);
        // Never through a link that the folder's former owner may have left there.
        Assert.Contains($"'rm -f {state} && echo 1 >{state}'", HAProxyFiles.Unit(), StringComparison.Ordinal);
        Assert.Contains($"state={state}\n", Tool("haproxy-reload"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "/run/haproxy/",
            HAProxyFiles.Unit() + HAProxyFiles.Config(Cluster) + Tool("haproxy-reload") + Tool("haproxy-ask"),
            StringComparison.Ordinal);
    }

    // init.te: init_t may add no name to haproxy_var_lib_t, and a mount point that systemd cannot make ends a service with 226/NAMESPACE
    // before it has begun.
    [Fact]
    public void No_unit_mounts_anything_into_a_daemons_folder()
    {
        foreach (var (name, text) in UnitFiles())
        {
            foreach (var line in text.Split('\n').Where(static line => Mounting().IsMatch(line)))
            {
                // Without a value it takes back what the package's own unit says.
                Assert.True(line.EndsWith('='), $"{name}: {line}");
            }
        }

        Assert.Contains("BindReadOnlyPaths=\n", HAProxyFiles.Unit(), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^    log stdout format ", HAProxyFiles.Config(Cluster));
    }

    // keepalived.te: keepalived_t may connect to next to nothing; what it runs from this folder becomes keepalived_unconfined_script_t
    // (keepalived.fc).
    [Fact]
    public void Keepalived_runs_its_check_from_the_folder_that_is_not_confined()
    {
        var script = Script().Match(KeepalivedFiles.Config(Cluster, Cluster.Hosts[0])).Groups[1].Value;

        Assert.Equal("/usr/libexec/keepalived", Path.GetDirectoryName(script.Split(' ')[0]));
        Assert.Equal(KeepalivedFiles.CheckPath, script.Split(' ')[0]);
        Assert.Contains($"exec {HostPaths.Tool("haproxy-alive")} ", KeepalivedFiles.Check(), StringComparison.Ordinal);
    }

    // init.te: systemd itself, which reads a unit's environment file, may read no var_t, which is what /var/cache and /srv hold.
    [Fact]
    public void Systemd_reads_environment_files_where_it_may()
    {
        var files = UnitFiles().Concat(ToolBundle.Tools)
            .SelectMany(static file => EnvironmentFiles().Matches(file.Item2).Select(match => (file.Item1, Path: match.Groups[1].Value)))
                .ToList();

        Assert.Contains(files, static file => file.Path == "$compile_environment");
        Assert.Contains("    compile_environment=/run/$compile_unit.env\n", Tool("artefact-lib"), StringComparison.Ordinal);
        Assert.All(
            files,
            static file => Assert.True(
                file.Path == "$compile_environment" || file.Path.StartsWith("/etc/", StringComparison.Ordinal),
                $"{file.Item1}: {file.Path}"));
    }

    // PGDG's packages of HAProxy and PgBouncer bring tmpfiles.d entries that give these folders to users of theirs, at any package's
    // installation: HAProxy's is taken back at each start and reload, PgBouncer's is not used.
    [Fact]
    public void No_service_keeps_its_files_in_a_folder_that_a_package_may_give_away()
    {
        Assert.DoesNotContain(
            UnitFiles().Concat(ToolBundle.Tools), static file => file.Item2.Contains("/run/pgbouncer/", StringComparison.Ordinal));
        Assert.Contains(
            "RuntimeDirectory=postgres-ha-pgbouncer\n", Templates.Read("pgbouncer/pgbouncer.service"), StringComparison.Ordinal);
    }

    // Below /usr/local/lib everything is lib_t (file_contexts.subs_dist). systemd may execute that, but no type_transition leads out of
    // its own domain, init_t, which is confined; a shell or an interpreter leads into one that is not (initrc_t, unconfined_service_t).
    [Fact]
    public void Systemd_starts_no_tool_by_its_own_name()
    {
        var started = UnitFiles().SelectMany(static unit => Exec().Matches(unit.Text).Select(match => (unit.Name, Line: match.Value)))
            .ToList();
        Assert.True(started.Count > 8, "the units could not be read");
        Assert.DoesNotContain(
            started, static exec => FirstWord().Match(exec.Line).Groups[1].Value.StartsWith(HostPaths.Tools, StringComparison.Ordinal));

        var transient = ToolBundle.Tools
            .SelectMany(
                static tool =>
                    Transient().Matches(tool.Text.Replace("\\\n", " ", StringComparison.Ordinal))
                        .Select(match => (tool.Name, match.Value))).ToList();
        Assert.True(transient.Count >= 4, "the tools could not be read");
        Assert.All(transient, static run => Assert.Matches(@" (/bin/sh |/usr/bin/python3 |systemctl )", run.Value));
    }

    // networkmanager.fc: what lies in this folder runs unconfined (NetworkManager_dispatcher_custom_t, in EL 8 initrc_t), and may restart
    // a service.
    [Fact]
    public void NetworkManager_finds_its_script_where_it_may_do_something() =>
        Assert.Equal("/etc/NetworkManager/dispatcher.d", Path.GetDirectoryName(KeepalivedFiles.DispatcherPath));

    // systemd-modules-load comes before the devices are known: softdog would be registered first, and be what /dev/watchdog means.
    [Fact]
    public void Softdog_is_loaded_by_the_unit_alone()
    {
        var files = WatchdogFiles.All(Cluster.Patroni);

        Assert.DoesNotContain(files, static file => file.Path.Contains("modules-load", StringComparison.Ordinal));
        var unit = files.Single(static file => file.Path == WatchdogFiles.UnitPath).Content.Plain;
        Assert.Contains("udevadm settle", unit, StringComparison.Ordinal);
        Assert.Contains("test -e /dev/watchdog || exec modprobe softdog", unit, StringComparison.Ordinal);
    }

    private static string Tool(string name) => ToolBundle.Tools.Single(tool => tool.Name == name).Text;

    private static IEnumerable<(string Name, string Text)> UnitFiles() =>
        Templates.Names(".service", ".conf").Select(static name => (name, Templates.Read(name)))
            .Where(static file => file.Item2.Contains("[Service]", StringComparison.Ordinal));

    [GeneratedRegex(@"(?m)^    stats socket (\S+) ")]
    private static partial Regex Socket();

    [GeneratedRegex(@"(?m)^    server-state-file (\S+)$")]
    private static partial Regex StateFile();

    [GeneratedRegex(@"^(Bind(ReadOnly)?Paths|TemporaryFileSystem|MountImages)=")]
    private static partial Regex Mounting();

    [GeneratedRegex(@"EnvironmentFile=-?""?([/$][^""\s\\]+)")]
    private static partial Regex EnvironmentFiles();

    [GeneratedRegex(@"(?m)^    script ""([^""]+)""$")]
    private static partial Regex Script();

    [GeneratedRegex(@"(?m)^Exec\w+=.+$")]
    private static partial Regex Exec();

    [GeneratedRegex(@"^Exec\w+=[-@:+!]*(\S+)")]
    private static partial Regex FirstWord();

    [GeneratedRegex(@"(?m)^\s*systemd-run .*$")]
    private static partial Regex Transient();
}
