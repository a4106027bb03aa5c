using System.Text.Json;
using PostgresHa.EndToEnd.Support;

namespace PostgresHa.EndToEnd;

/// <summary>
/// The watchdog at work, which takes a host with a kernel of its own. In a lab beside the others' one, and left out unless PGHA_E2E_VM is
/// set as well: where the processor must be emulated, the host alone takes longer to set up than all other tests together.
/// </summary>
public sealed class WatchdogTests
{
    private const string Machine = "standby1";
    private const string Network = "vm-e2e-lab";

    private static readonly TimeSpan UpLimit = TimeSpan.FromMinutes(90);
    private static readonly TimeSpan DrillLimit = TimeSpan.FromMinutes(30);

    [MachineFact]
    public void A_leader_whose_Patroni_hangs_is_reset_before_its_lease_ends_and_joins_again()
    {
        Assert.True(Environment.IsPrivilegedProcess, "the test makes a lab, which takes root");
        var root = LabFixture.Root();
        var stack = new StackCopy(root, "/var/tmp/pgha-e2e-vm", Network);
        var pgha = new Pgha(root, stack.Folder);
        try
        {
            pgha.Run(UpLimit, null, secret: false, "lab", "up", "--engine", "offline", "--vm", Machine).Succeeded("lab up --vm");

            // Twice: it has to have become a member like any other again, one that can be handed the lead.
            for (var round = 1; round <= 2; round++)
            {
                var answer = pgha.Run(DrillLimit, null, secret: false, "drill", "freeze-patroni", "--json")
                    .Succeeded("drill freeze-patroni");
                Console.WriteLine(answer.Error);
                var result = Assert.Single(JsonDocument.Parse(answer.Output).RootElement.EnumerateArray());
                Assert.Equal(Machine, result.GetProperty("leaderBefore").GetString());
                Assert.NotEqual(Machine, result.GetProperty("leaderAfter").GetString());
                Assert.Empty(result.GetProperty("twoWriters").EnumerateArray());
                Assert.Single(
                    result.GetProperty("events").EnumerateArray(), static one => one.GetProperty("name").GetString() == "host reset");
            }

            // Switched off it stays off; started again it is the host it was.
            pgha.Run(DrillLimit, null, secret: false, "lab", "ssh", Machine, "sudo", "poweroff");
            Assert.True(
                SpinWait.SpinUntil(
                    () => pgha.Run("lab", "status").Output.Contains("stopped", StringComparison.Ordinal), TimeSpan.FromMinutes(3)));
            pgha.Run(UpLimit, null, secret: false, "lab", "up").Succeeded("lab up after a power-off");
            Assert.Equal(0, pgha.Run("status").Code);
        }
        finally
        {
            pgha.Run("lab", "down").Succeeded("lab down");
        }
    }

    /// <summary>A test that needs a virtual machine.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class MachineFactAttribute : FactAttribute
    {
        public MachineFactAttribute()
        {
            if (Environment.GetEnvironmentVariable("PGHA_E2E_VM") is not { Length: > 0 } wanted || wanted == "0")
            {
                Skip = "needs a virtual machine, and time: set PGHA_E2E_VM=1 and run as root";
            }
        }
    }
}
