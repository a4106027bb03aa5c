namespace PostgresHa.Tests.Unit.Hosts;

/// <summary>Data directories as they are found.</summary>
public sealed class DirectoryTests
{
    [HostTheory]
    [InlineData("postgres-directory /srv/below/pg", "postgres")]
    [InlineData("directory-ensure /srv/below/pg etcd --adopt", "etcd")]
    public void A_new_one_belongs_to_its_user_alone(string tool, string user)
    {
        using var host = WithUsers();

        Assert.StartsWith("changed: ", host.Tool(tool), StringComparison.Ordinal);

        Assert.Equal($"{user} 700\n", host.Run("stat -c '%U %a' /srv/below/pg").Output);
        Assert.StartsWith("unchanged: ", host.Tool(tool), StringComparison.Ordinal);
    }

    [HostFact]
    public void A_mount_point_that_is_root_s_and_empty_is_taken()
    {
        using var host = WithUsers();

        // The mount ends with the command's namespace.
        var ended = host.Run(
            "mkdir /srv/pg && mount -t tmpfs -o mode=0755 none /srv/pg && /usr/local/lib/postgres-ha/postgres-directory /srv/pg && stat "
            + "-c '%U %a' /srv/pg && mountpoint -q /srv/pg");

        Assert.True(ended.Code == 0, ended.Error);
        Assert.EndsWith("\npostgres 700\n", ended.Output, StringComparison.Ordinal);
    }

    [HostFact]
    public void A_mount_point_with_lost_and_found_is_refused_with_the_directory_to_use()
    {
        using var host = WithUsers();

        var ended = host.Run("mkdir -p /srv/pg/lost+found; /usr/local/lib/postgres-ha/postgres-directory /srv/pg");

        Assert.Equal(1, ended.Code);
        Assert.Contains("set postgres.dataDirectory to a directory below it, /srv/pg/pgdata", ended.Error, StringComparison.Ordinal);
    }

    [HostFact]
    public void Etcd_takes_a_mount_point_with_lost_and_found()
    {
        using var host = WithUsers();
        host.Run("mkdir -p -m 0700 /srv/etcd/lost+found; mkdir -p /srv/etcd/member; touch /srv/etcd/member/wal");

        host.Tool("directory-ensure /srv/etcd etcd --adopt");

        Assert.Equal("etcd\netcd\nroot\n", host.Run("stat -c %U /srv/etcd /srv/etcd/member/wal /srv/etcd/lost+found").Output);
    }

    [HostFact]
    public void A_symbolic_link_is_refused_with_where_it_leads()
    {
        using var host = WithUsers();

        var ended = host.Run(
            "mkdir -p /srv/disk/pg; ln -s /srv/disk/pg /srv/pg; /usr/local/lib/postgres-ha/postgres-directory /srv/pg");

        Assert.Equal(1, ended.Code);
        Assert.Contains(
            "is a symbolic link; set postgres.dataDirectory to where it leads, /srv/disk/pg", ended.Error, StringComparison.Ordinal);
    }

    [HostFact]
    public void An_instance_that_lies_behind_a_link_since_long_goes_on()
    {
        using var host = WithUsers();
        host.Run("install -d -o postgres -g postgres -m 0700 /srv/disk/pg; echo 17 >/srv/disk/pg/PG_VERSION; ln -s /srv/disk/pg /srv/pg");

        Assert.StartsWith("unchanged: ", host.Tool("postgres-directory /srv/pg"), StringComparison.Ordinal);
    }

    [HostFact]
    public void Etcd_s_link_is_followed_and_settles()
    {
        using var host = WithUsers();
        host.Run("mkdir -p /srv/disk/etcd; ln -s /srv/disk/etcd /srv/etcd");

        host.Tool("directory-ensure /srv/etcd etcd --adopt");

        Assert.Equal("etcd 700\n", host.Run("stat -c '%U %a' /srv/disk/etcd").Output);
        Assert.StartsWith("unchanged: ", host.Tool("directory-ensure /srv/etcd etcd --adopt"), StringComparison.Ordinal);
    }

    [HostFact]
    public void A_directory_with_somebody_else_s_files_is_left_alone()
    {
        using var host = WithUsers();

        var ended = host.Run("mkdir -p /srv/pg; touch /srv/pg/file; /usr/local/lib/postgres-ha/postgres-directory /srv/pg");

        Assert.Equal(1, ended.Code);
        Assert.Contains("holds files and belongs to root", ended.Error, StringComparison.Ordinal);
        Assert.Equal("root\n", host.Run("stat -c %U /srv/pg").Output);
    }

    [HostFact]
    public void A_parent_that_keeps_the_user_out_is_named()
    {
        using var host = WithUsers();

        var ended = host.Run(
            "mkdir -p -m 0700 /home/somebody; /usr/local/lib/postgres-ha/directory-ensure /home/somebody/below/etcd etcd --adopt");

        Assert.Equal(1, ended.Code);
        Assert.Contains("/home/somebody is closed to it (mode 700)", ended.Error, StringComparison.Ordinal);
    }

    private static ThrowAwayHost WithUsers()
    {
        var host = new ThrowAwayHost();
        host.Tool("user-ensure postgres /var/lib/postgresql");
        host.Tool("user-ensure etcd /var/lib/etcd");
        return host;
    }
}
