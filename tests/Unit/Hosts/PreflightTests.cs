namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>What the preflight finds on a host, and names.</summary>
public sealed class PreflightTests
{
    [HostFact]
    public void A_bare_host_is_fit()
    {
        using var host = Bare();

        Assert.Equal(("unchanged: Test is fit (no SELinux)\n", ""), (Ask(host).Output, Ask(host).Error));
    }

    [HostTheory]
    [InlineData("1", "SELinux enforcing")]
    [InlineData("0", "SELinux permissive")]
    public void It_says_how_SELinux_is_set(string enforce, string said)
    {
        using var host = Bare();

        Assert.Equal($"unchanged: Test is fit ({said})\n", Preflight.Ask(host, before: SELinux(enforce, kerberos: "1")).Output);
    }

    [HostFact]
    public void A_policy_that_lets_HAProxy_bind_nothing_is_named()
    {
        using var host = Bare();

        Preflight.Names(
            Preflight.Ask(host, before: SELinux("1", kerberos: "0")),
            "kerberos_enabled and nis_enabled are off",
            "setsebool -P kerberos_enabled on");
    }

    [HostFact]
    public void Root_that_SELinux_confines_is_named()
    {
        using var host = Bare();
        host.Stub("id", "case $* in -Z) echo sysadm_u:sysadm_r:sysadm_t:s0 ;; *) exec /usr/bin/id \"$@\" ;; esac");

        Preflight.Names(
            Preflight.Ask(host, before: SELinux("1", kerberos: "1")),
            "root's commands run as sysadm_u:sysadm_r:sysadm_t:s0",
            "ROLE=unconfined_r TYPE=unconfined_t");
    }

    private static string SELinux(string enforce, string kerberos) =>
        $"mount -t tmpfs none /sys/fs; mkdir -p /sys/fs/selinux/booleans; echo {enforce} >/sys/fs/selinux/enforce; echo {kerberos} "
        + $"{kerberos} >/sys/fs/selinux/booleans/kerberos_enabled";

    [HostTheory]
    [InlineData("mount -t tmpfs -o noexec none /opt", "/opt is mounted noexec", "mount -o remount,exec /opt")]
    [InlineData("mount -t tmpfs -o ro none /opt", "/opt is mounted read-only", "mount it writable")]
    [InlineData("mkdir -p /srv/pg; mount -t tmpfs -o ro none /srv/pg", "/srv/pg is mounted read-only", "mount it writable")]
    public void A_folder_in_which_nothing_can_run_or_be_written_is_named(string mount, string problem, string remedy)
    {
        using var host = Bare();

        Preflight.Names(
            Preflight.Ask(host, "--folders '/usr/local /opt/pgsql'", mount),
            problem.Replace("/opt ", "/opt/pgsql ", StringComparison.Ordinal),
            remedy);
    }

    [HostTheory]
    [InlineData(":", 1)]
    [InlineData("touch /var/cache/postgres-ha/postgres-17.11-debian12-x86_64-0123456789ab.tar.gz", 0)]
    [InlineData("mkdir -p /opt/pgsql-17.11-0123456789ab; touch /opt/pgsql-17.11-0123456789ab/.postgres-ha", 0)]
    public void A_cache_in_which_nothing_can_run_matters_where_something_is_to_be_compiled(string before, int code)
    {
        using var host = Bare();

        var ended = Preflight.Ask(
            host,
            "--build 'postgres 17.11 /opt/pgsql-17.11-*/.postgres-ha coreutils'",
            $"rm -rf /opt/pgsql-* /var/cache/postgres-ha; mkdir -p /var/cache/postgres-ha; mount -t tmpfs -o noexec none "
            + $"/var/cache/postgres-ha; {before}");

        Assert.Equal(code, ended.Code);
        Assert.Equal(
            code == 1,
            ended.Error.Contains("/var/cache/postgres-ha is mounted noexec, and postgres is compiled there", StringComparison.Ordinal));
    }

    [HostFact]
    public void Fapolicyd_that_would_let_nothing_of_ours_run_is_named_until_a_rule_allows_the_folders()
    {
        const string Options = "--folders '/usr/local /opt' --build 'etcd 3.5.33 /nowhere coreutils'";
        using var host = Bare().Stub("systemctl", "test \"$*\" = 'is-active --quiet fapolicyd.service'")
            .Write("/etc/fapolicyd/fapolicyd.conf", "permissive = 0\n");

        var line = Preflight.Names(Preflight.Ask(host, Options), "fapolicyd is enforcing", "fagenrules --load");

        // What it says is what mends it.
        var write = line[line.IndexOf("printf '", StringComparison.Ordinal)..line.IndexOf(" && fagenrules", StringComparison.Ordinal)];
        Assert.Equal(
            0,
            host.Run(
                $"mkdir -p /etc/fapolicyd/rules.d; {write}; "
                + "cp /etc/fapolicyd/rules.d/35-postgres-ha.rules /etc/fapolicyd/compiled.rules").Code);
        Assert.Equal(
            ["allow perm=any all : dir=/usr/local/", "allow perm=any all : dir=/opt/", "allow perm=any all : dir=/var/cache/postgres-ha/"],
            host.Run("cat /etc/fapolicyd/compiled.rules").Output.TrimEnd().Split('\n'));
        Assert.Equal("", Preflight.Ask(host, Options).Error);
        Assert.Contains(
            "dir=/srv/programs/",
            Preflight.Ask(host, Options.Replace("/opt", "/srv/programs", StringComparison.Ordinal)).Error,
            StringComparison.Ordinal);
    }

    [HostFact]
    public void Fapolicyd_that_only_writes_down_is_none_of_our_business()
    {
        using var host = Bare().Stub("systemctl", "test \"$*\" = 'is-active --quiet fapolicyd.service'")
            .Write("/etc/fapolicyd/fapolicyd.conf", "permissive = 1\n");

        Assert.Equal("", Preflight.Ask(host, "--folders /opt").Error);
    }

    [HostTheory]
    [InlineData("ln -s /srv/disk /srv/pg; mkdir /srv/disk", "is a symbolic link", "where it leads, /srv/disk")]
    [InlineData("ln -s /srv/nowhere /srv/pg", "is a symbolic link", "where it leads, /srv/nowhere")]
    [InlineData("mkdir -p /srv/pg/lost+found", "lost+found", "/srv/pg/pgdata")]
    [InlineData("mkdir -p /srv/pg; touch /srv/pg/.snapshot", "holds files and no PostgreSQL instance", "/srv/pg/pgdata")]
    [InlineData("mkdir -p /srv/pg; touch /srv/pg/PG_VERSION", "holds a PostgreSQL instance that is not ours", "move it away")]
    [InlineData("mkdir -p /etc/ufw; echo ENABLED=yes >/etc/ufw/ufw.conf", "beside firewalld, which the stack manages: ufw", "ufw disable")]
    public void Is_named_with_what_to_do(string before, string problem, string remedy) => Names(before, problem, remedy);

    [HostTheory]
    [InlineData("postgresql-17.service enabled enabled", "", "postgresql-17.service is enabled")]
    [InlineData("postgresql.service enabled enabled", "", "postgresql.service is enabled")]
    [InlineData("postgresql@15-main.service enabled enabled", "", "postgresql@15-main.service is enabled")]
    [InlineData("postgresql.service enabled enabled", "mkdir -p /usr/share/postgresql-common /etc/postgresql/15/main; touch "
        + "/etc/postgresql/15/main/postgresql.conf; echo auto >/etc/postgresql/15/main/start.conf", "(/etc/postgresql/15/main/)")]
    public void A_PostgreSQL_that_is_stopped_and_comes_back_at_boot_is_named(string units, string before, string problem)
    {
        const string Listing = "case $1 in list-unit-files) echo 'UNITS' ;; *) exit 1 ;; esac";
        Names(
            before + ";:",
            problem,
            "systemctl disable --now postgresql",
            host => host.Stub("systemctl", Listing.Replace("UNITS", units, StringComparison.Ordinal)));
    }

    [HostTheory]
    [InlineData("postgresql@.service enabled enabled", "")]
    [InlineData("postgresql.service enabled enabled", "mkdir -p /usr/share/postgresql-common /etc/postgresql/15/main; touch "
        + "/etc/postgresql/15/main/postgresql.conf; echo manual >/etc/postgresql/15/main/start.conf")]
    [InlineData("postgresql.service enabled enabled", "mkdir -p /usr/share/postgresql-common; rm -rf /etc/postgresql")]
    public void One_that_starts_nothing_is_not(string units, string before)
    {
        using var host = Bare().Stub("systemctl", $"case $1 in list-unit-files) echo '{units}' ;; *) exit 1 ;; esac");
        host.Run(before);

        Assert.Equal("", Ask(host).Error);
    }

    [HostTheory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    [InlineData("netfilter-persistent")]
    public void A_service_that_loads_other_rules_at_boot_is_named(string unit) =>
        Names(
            "",
            $"beside firewalld, which the stack manages: {unit}.service",
            $"systemctl disable --now {unit}",
            host => host.Stub("systemctl", $"test \"$*\" = 'is-enabled --quiet {unit}.service'"));

    [HostTheory]
    [InlineData("type filter hook input priority filter; policy drop;", "tcp dport 22 accept", "")]
    [InlineData("type filter hook input priority filter; policy accept;", "tcp dport 5432 drop", "")]
    [InlineData(
        "type filter hook input priority filter; policy accept;",
        "ct state invalid drop\n\t\tjump others",
        "counter packets 0 bytes 0 reject with icmp port-unreachable")]
    [InlineData("type filter hook output priority filter; policy accept;", "ip saddr != 10.0.0.0/8 drop", "")]
    public void Nftables_rules_of_somebody_else_are_named(string hook, string rule, string other) =>
        Names(
            "",
            "nftables table inet somebody (nft delete table inet somebody",
            "firewall.mode: untouched",
            host => WithRules(host, hook, rule, other));

    [HostTheory]
    [InlineData("type filter hook input priority filter; policy accept;", "tcp dport 22 ip saddr @addr-set-sshd reject with icmp "
        + "port-unreachable", "")]
    [InlineData("type filter hook input priority filter; policy accept;", "jump others", "ip saddr 192.0.2.7 counter packets 0 "
        + "bytes 0 drop")]
    [InlineData("type filter hook forward priority filter; policy drop;", "jump others", "drop")]
    [InlineData("type filter hook input priority filter; policy accept;", "tcp dport 22 accept", "drop")]
    public void Bans_of_single_addresses_and_what_no_packet_for_the_host_meets_are_not(string hook, string rule, string other)
    {
        using var host = WithRules(Bare(), hook, rule, other);

        Assert.Equal("", Ask(host).Error);
    }

    [HostFact]
    public void With_a_firewall_that_is_not_touched_others_are_none_of_our_business()
    {
        using var host = WithRules(Bare(), "type filter hook input priority filter; policy drop;", "tcp dport 22 accept", "");

        Assert.Equal("", Ask(host, "untouched").Error);
        Assert.Contains("wants no firewall", Ask(host, "disabled").Error, StringComparison.Ordinal);
    }

    private static void Names(string before, string problem, string remedy, Func<ThrowAwayHost, ThrowAwayHost>? change = null)
    {
        using var host = Bare();
        change?.Invoke(host);
        host.Run(before);

        Preflight.Names(Ask(host), problem, remedy);
    }

    [HostTheory]
    [InlineData("4.0.7", true)]
    [InlineData("4.1.0", true)]
    [InlineData("4.0.8", false)]
    [InlineData("4.0.10", false)]
    [InlineData("4.1.5", false)]
    public void A_Patroni_that_could_not_run_with_the_new_etcd_is_named_before_etcd_is_renewed(string running, bool named)
    {
        using var host = Bare();
        host.Run(
            $"mkdir -p /opt/patroni/bin; printf '#!/bin/sh\necho patroni {running}\n' >/opt/patroni/bin/patroni; chmod 755 "
            + "/opt/patroni/bin/patroni");

        var error = Ask(host, clashes: "4.0.0-4.0.8 4.1.0-4.1.1").Error;

        Assert.Equal(
            named,
            error.Contains($"Patroni {running} runs here", StringComparison.Ordinal)
                && error.Contains("first renew Patroni alone", StringComparison.Ordinal));
        Assert.Equal(named, error.Length > 0);
    }

    // firewalld's own table stands beside it, with all that it drops.
    private static ThrowAwayHost WithRules(ThrowAwayHost host, string hook, string rule, string other) => host
        .Write("/srv/rules", string.Join('\n',
            "table inet firewalld {", "\tchain filter_INPUT {", "\t\ttype filter hook input priority filter + 10; policy accept;",
            "\t\treject with icmpx admin-prohibited", "\t}", "}",
            "table inet somebody {", "\tset addr-set-sshd {", "\t\ttype ipv4_addr", "\t\telements = { 192.0.2.7 }", "\t}",
            "\tchain input {", "\t\t" + hook, "\t\t" + rule, "\t}", "\tchain others {", "\t\t" + other, "\t}", "}", ""))
        .Stub("nft", "cat /srv/rules");

    private static ThrowAwayHost.Ended Ask(ThrowAwayHost host, string firewall = "managed", string clashes = "") =>
        Preflight.Ask(host, $"--firewall {firewall} --clashes '{clashes}'");

    private static ThrowAwayHost Bare() => Preflight.Bare("ID=debian\nPRETTY_NAME=Test\n");
}
