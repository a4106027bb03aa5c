using PostgresHa.Components;
using PostgresHa.Tests.Unit.Specification;

namespace PostgresHa.Tests.Unit.Components;

public sealed class EtcdYieldTests
{
    [Fact]
    public void Each_member_is_told_of_itself_and_of_the_others()
    {
        var cluster = Yaml.Valid(Yaml.With());
        Snapshot.Matches("etcd-yield.service", EtcdYield.UnitFile(cluster, cluster.Hosts[1]));
    }
}
