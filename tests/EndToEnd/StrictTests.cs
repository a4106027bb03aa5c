using System.Globalization;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>Whether what a lab was asked to be is what it is: else the other tests prove less than they seem to.</summary>
public sealed partial class ClusterTests
{
    private const int DacOverride = 1;

    [LabFact]
    public void Strict_hosts_are_strict()
    {
        if (!LabFixture.Options.Contains("--strict"))
        {
            return;
        }

        foreach (var host in LabFixture.Hosts.Keys)
        {
            const string Question = "umask; echo \"$PATH\"";
            var login = Lines(_lab.Pgha.Run("lab", "ssh", host, Question));
            Assert.Equal("0077", login[0]);
            Assert.DoesNotContain("/usr/local", login[1], StringComparison.Ordinal);
            Assert.Equal(["0077", "/sbin:/bin:/usr/sbin:/usr/bin"], Lines(_lab.Pgha.OnHost(host, Question)));
            Assert.Equal("/usr/bin/bash", Lines(_lab.Pgha.OnHost(host, "readlink -f /bin/sh")).Single());
            Assert.Empty(Lines(_lab.Pgha.OnHost(host, "ls /etc/ssh | grep ed25519; true")));

            foreach (var folder in (string[])["/tmp", "/var/tmp", "/dev/shm"])
            {
                var ran = _lab.Pgha.OnHost(
                    host, $"f={folder}/strict.$$; printf '#!/bin/sh\\necho ran\\n' >$f; chmod 700 $f; $f 2>&1; rm $f");
                Assert.Contains("Permission denied", ran.All, StringComparison.Ordinal);
                Assert.DoesNotContain("ran", ran.Output.Split('\n'));
            }

            const string Bounding = "sed -n 's/^CapBnd:[[:space:]]*//p' /proc/$(systemctl show -p MainPID --value haproxy)/status";
            var capabilities = Lines(_lab.Pgha.OnHost(host, Bounding)).Single();
            Assert.Equal(0UL, ulong.Parse(capabilities, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << DacOverride));
        }

        var keys = File.ReadAllLines(Path.Combine(_lab.Stack.Folder, ".lab", "ssh", "known_hosts"))
            .Select(static line => line.Split(' ')[1]);
        Assert.Equal(["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", "ssh-rsa"], keys);
    }

    [LabFact]
    public void Hosts_are_of_the_releases_that_were_asked_for()
    {
        var asked = LabFixture.Options.SkipWhile(static word => word != "--release")
            .Where(static word => word != "--release" && !word.StartsWith('-'));
        foreach (var host in LabFixture.Hosts.Keys)
        {
            var release = asked.LastOrDefault(word => word.StartsWith(host + "=", StringComparison.Ordinal))?.Split('=')[1]
                ?? asked.LastOrDefault(static word => !word.Contains('=', StringComparison.Ordinal)) ?? "trixie";
            Assert.Equal(release, Lines(_lab.Pgha.OnHost(host, ". /etc/os-release; echo $VERSION_CODENAME")).Single());
        }
    }

    private static string[] Lines(Answer answer) =>
        answer.Succeeded("a question").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
