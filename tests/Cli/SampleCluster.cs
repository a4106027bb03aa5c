using System.Text.Json;
using PostgresHa.Specification;

namespace PostgresHa.Tests.Cli;

internal static class SampleCluster
{
    /// <summary>Three hosts, with the sections <c>postgres</c> and <c>patroni</c> as JSON.</summary>
    public static ClusterSpecification With(string postgres, string patroni)
    {
        const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIPXKupkBNbnkwzDxNPQUv86nG8sPLkjMxd7VZLNO12s";
        var value = JsonSerializer.SerializeToElement(new
        {
            name = "lab",
            ssh = new { agent = true },
            hostDefaults = new { system = "debian", cores = 2, memory = "2GB", @interface = "eth0" },
            hosts = new[]
            {
                new { name = "mdw", address = "10.0.12.9", hostKey = Key },
                new { name = "standby", address = "10.0.12.4", hostKey = Key },
                new { name = "standby1", address = "10.0.16.11", hostKey = Key },
            },
            vip = new { address = "10.0.12.10", prefix = 19 },
            etcd = new { method = "package" },
            postgres = JsonElement.Parse(postgres),
            patroni = JsonElement.Parse(patroni),
        });
        var result = SpecificationReader.Read(value, "/");
        return result.Specification ?? throw new InvalidOperationException(string.Join('\n', result.Errors));
    }
}
