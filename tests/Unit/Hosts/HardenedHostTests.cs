using PostgresHa.Components;
using PostgresHa.Components.Remote;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>
/// Hosts as FIPS and STIG profiles leave them: root's umask is 077, sudo knows the system's own folders only, some programs are not there.
/// </summary>
public sealed class HardenedHostTests
{
    private static readonly string Unpack = Shell.Join(Shell.Script(Templates.Read("host/host-unpack.sh")));

    [HostFact]
    public void What_is_made_under_umask_077_can_be_read_by_whom_it_is_for()
    {
        using var host = new ThrowAwayHost();
        var unpacked = host.Run(
            $"rm -rf {HostPaths.Tools} {HostPaths.State} {HostPaths.Cache}; umask 077; {Unpack}", ToolBundle.Text);
        Assert.Equal((0, "changed: tools\n"), (unpacked.Code, unpacked.Output));

        var ended = host.Run(
            $"""
            set -e
            umask 077
            t={HostPaths.Tools}
            echo x | $t/file-write /etc/new-folder/below/file root root 0644 >/dev/null
            echo x | $t/file-write /usr/local/libexec/postgres-ha/program root root 0755 >/dev/null
            echo '192.0.2.1 a' | $t/hosts-ensure >/dev/null
            $t/user-ensure postgres /var/lib/pgsql >/dev/null
            $t/directory-ensure /srv/deep/below/data postgres >/dev/null
            . $t/lib
            . $t/artefact-lib
            artefact_identify program 1 </dev/null
            artefact_folder
            echo archive >/tmp/archive
            artefact_store /tmp/archive
            stat -c '%a %n' $t $t/lib {HostPaths.State} {HostPaths.Cache} {HostPaths.Cache}/build {HostPaths.Cache}/log "$artefact_path" "$artefact_path.sha256" \
              /etc/new-folder /etc/new-folder/below /etc/new-folder/below/file /usr/local/libexec/postgres-ha /etc/hosts /srv/deep /srv/deep/below
            stat -c '%a %U %n' /srv/deep/below/data
            runuser -u nobody -- {HostPaths.Tool("with-environment")} /dev/null /usr/local/libexec/postgres-ha/program || [ $? -ne 126 ]
            """);
        Assert.True(ended.Code == 0, ended.Output + ended.Error);
        foreach (var line in ended.Output.TrimEnd().Split('\n'))
        {
            var path = line.Split(' ')[^1];
            var expected = path.EndsWith("/data", StringComparison.Ordinal) ? "700 postgres"
                : path.StartsWith("/etc/hosts", StringComparison.Ordinal) || path.EndsWith("/file", StringComparison.Ordinal)
                    || path.Contains(".tar.gz", StringComparison.Ordinal) ? "644"
                : "755";
            Assert.Equal($"{expected} {path}", line);
        }
    }

    [HostFact]
    public void Tools_are_unpacked_without_diffutils_and_only_when_they_differ()
    {
        using var host = new ThrowAwayHost();
        Assert.Equal(0, host.Run("rm -f /usr/bin/diff /usr/bin/cmp /usr/bin/hostname /usr/bin/tar").Code);

        Assert.Equal("unchanged: tools\n", host.Run(Unpack, ToolBundle.Text).Output);
        Assert.Equal(
            "changed: tools\n",
            host.Run($"echo more >>{HostPaths.Tool("lib")}; touch {HostPaths.Tool("left-over")}; {Unpack}", ToolBundle.Text).Output);
        Assert.Equal(
            "unchanged: tools\n", host.Run($"chmod 700 {HostPaths.Tools} {HostPaths.Tool("lib")}; {Unpack}", ToolBundle.Text).Output);
        Assert.Equal(
            "755\n755\n", host.Run($"stat -c %a {HostPaths.Tools} {HostPaths.Tool("lib")}; ls {HostPaths.Tool("left-over")}").Output);
    }

    [HostFact]
    public void Names_of_hosts_are_written_without_the_program_hostname()
    {
        using var host = new ThrowAwayHost();
        var ended = host.Run(
            $"""
            rm -f /usr/bin/hostname /usr/bin/cmp
            printf '127.0.0.1 localhost\n127.0.1.1 %s.example.org %s\n127.0.1.1 another\n' "$(uname -n)" "$(uname -n)" >/etc/hosts
            echo '192.0.2.1 a' | {HostPaths.Tool("hosts-ensure")}
            echo '192.0.2.1 a' | {HostPaths.Tool("hosts-ensure")}
            cat /etc/hosts
            """);
        Assert.Equal(
            "changed: /etc/hosts\nunchanged: /etc/hosts\n127.0.0.1 localhost\n127.0.1.1 another\n# postgres-ha: begin\n192.0.2.1 a\n# "
            + "postgres-ha: end\n",
            ended.Output + ended.Error);
    }

    /// <summary>etcdctl lies in /usr/local/bin, which EL's sudo leaves out of the path.</summary>
    [HostFact]
    public void The_tools_find_etcdctl_where_sudo_does_not_look()
    {
        using var host = new ThrowAwayHost();
        var ended = host.Run(
            $$"""
            set -e
            mkdir -p /etc/etcd
            echo ETCDCTL_USER=root:x >/etc/etcd/root.env
            printf '#!/bin/sh\necho "[{\\"Status\\": {\\"leader\\": 1, \\"header\\": {\\"member_id\\": 1} } }]"\n' >/usr/local/bin/etcdctl
            chmod 755 /usr/local/bin/etcdctl
            rm -f /usr/bin/etcdctl
            PATH=/sbin:/bin:/usr/sbin:/usr/bin {{HostPaths.Tool("etcd-yield")}} take http://127.0.0.1:1 http://127.0.0.1:2
            """);
        Assert.True(ended.Code == 0, ended.Output + ended.Error);
    }
}
