using PostgresHa.Cli.Drills;
using static PostgresHa.Tests.Cli.Drills.Samples;

namespace PostgresHa.Tests.Cli.Drills;

public sealed class AccountingTests
{
    [Fact]
    public void Every_acknowledged_row_that_is_gone_is_missing()
    {
        var accounting = Accounting.Of(
            [Written(10, sequence: 1), Written(20, sequence: 2), Written(30, sequence: 3)], [Row(1, 1), Row(1, 3)]);
        Assert.Equal((3, 1, 0, 0), (accounting.Acknowledged, accounting.Missing, accounting.Unacknowledged, accounting.Duplicated));
        Assert.Equal(2, Assert.Single(accounting.Lost).Sequence);
    }

    [Fact]
    public void A_row_that_is_there_though_its_writer_got_an_error_is_not_lost() =>
        Assert.Equal(1, Accounting.Of([Failed(10, sequence: 1), Failed(20, sequence: 2)], [Row(1, 2)]).Unacknowledged);

    [Fact]
    public void Clients_have_sequences_of_their_own() =>
        Assert.Equal(1, Accounting.Of([Written(10, client: 1), Written(10, client: 2)], [Row(2, 1)]).Missing);

    [Fact]
    public void Reads_are_no_rows() =>
        Assert.Equal(0, Accounting.Of([Written(10, endpoint: Endpoint.Read)], []).Acknowledged);

    [Fact]
    public void What_the_cut_off_client_was_told_counts_as_well() =>
        Assert.Equal(1, Accounting.Of([Written(10, endpoint: Endpoint.CutOff)], []).Missing);

    [Fact]
    public void A_row_that_is_there_twice_is_told() => Assert.Equal(1, Accounting.Of([Written(10)], [Row(1, 1), Row(1, 1)]).Duplicated);

    [Fact]
    public void Buckets_count_by_the_end_and_leave_out_what_came_too_late()
    {
        var buckets = Buckets.Of([Written(10), Written(99), Written(100), Failed(250), Written(301)], Ms(300));
        Assert.Equal([2, 1, 0], buckets.Successes);
        Assert.Equal([0, 0, 1], buckets.Errors);
    }

    [Fact]
    public void The_median_of_an_even_number_is_the_mean_of_the_middle_two()
    {
        Assert.Equal(new Statistic(4, 2.5, 9), Statistic.Of([9, 1, 3, 2]));
        Assert.Equal(new Statistic(3, 2, 7), Statistic.Of([7, 1, 2]));
        Assert.Null(Statistic.Of([]));
    }

    private static StoredRow Row(int client, long sequence) => new(client, sequence, "10.0.12.9", 1);
}
