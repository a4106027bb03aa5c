using PostgresHa.Components;

namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Asks a throw-away host as the product does.</summary>
internal static class Preflight
{
    /// <summary>A host with systemd and nothing enabled, no rules, nobody on the network.</summary>
    /// <param name="release">Its os-release.</param>
    public static ThrowAwayHost Bare(string release)
    {
        var host = new ThrowAwayHost();
        host.Write("/etc/os-release", release);
        host.Run("mkdir -p /run/systemd/system; rm -rf /var/lib/postgres-ha /srv/* /etc/ufw");
        return host.Stub("systemctl", "exit 1").Stub("nft", "").Stub("ping", "exit 1").Stub("pgrep", "exit 1").Stub("ss", "")
            .Stub("nproc", "echo 2")
            .Stub("ip", "echo '1: lo inet 127.0.0.1/8 scope host lo'");
    }

    /// <summary>Runs the preflight.</summary>
    /// <param name="host">The host.</param>
    /// <param name="options">Options beside those that a bare host meets; the last of two counts.</param>
    /// <param name="before">A shell command in the same mount namespace before it.</param>
    public static ThrowAwayHost.Ended Ask(ThrowAwayHost host, string options = "", string before = ":") => host.Run(
        $"{before}; exec sh -s -- --system debian --cores 1 --memory 1 --interface lo --address 127.0.0.1 --vip 192.0.2.10 --data "
        + "/srv/pg --data-space 1 "
        + $"--build-space 1 --clock no --firewall managed --ports 65001 {options}",
        HostPreflight.Script);

    /// <summary>Expects just one problem, that says what and what to do.</summary>
    /// <returns>Its line.</returns>
    public static string Names(ThrowAwayHost.Ended ended, string problem, string remedy)
    {
        var line = Assert.Single(ended.Error.Split('\n'), one => one.Contains(problem, StringComparison.Ordinal));
        Assert.Contains(remedy, line, StringComparison.Ordinal);
        Assert.Contains("1 problem(s); nothing was changed on this host", ended.Error, StringComparison.Ordinal);
        Assert.Equal(1, ended.Code);
        return line;
    }
}
