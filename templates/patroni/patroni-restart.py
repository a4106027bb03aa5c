#!/usr/bin/python3
"""patroni-restart --self NAME --lag BYTES NAME=ADDRESS:PORT…: restarts Patroni on this host and leaves PostgreSQL running.

In maintenance mode Patroni leaves PostgreSQL alone when it stops, and finds it again when it starts: nobody loses a connection, nor does the
leader change. The mode is on for the few seconds this takes, marked as ours, so that an interrupted run is put right by the next.
"""
import importlib.util
import sys
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)

UNIT = "patroni.service"


def plain(why):
    """The restart that stops PostgreSQL as well."""
    client.run(["systemctl", "restart", UNIT])
    client.say("changed", "%s restarted (%s)" % (UNIT, why))
    return 0


def body():
    """Restarts, then waits until the member is what it was before."""
    args, cluster = client.arguments()
    held = client.lock("patroni-restart")
    before = cluster.status(args.own)
    if before.get("state") != "running":
        return plain("PostgreSQL was %s" % before.get("state", "out of reach: " + before.get("error", "")))
    view = cluster.view()
    if view.leader is None:
        return plain("the cluster has no leader")

    # A leader's own API goes away with it: another member answers for the configuration when this one is restarted.
    config = cluster.config(args.own)
    by_hand = view.paused and config.get(client.PAUSED_BY) != client.OURS
    others = [m.name for m in cluster.members if m.name != args.own]

    if not by_hand:
        cluster.pause(args.own)
    failure = None
    try:
        client.run(["systemctl", "restart", UNIT])

        def probe():
            now = cluster.status(args.own)
            same = now.get("role") == before.get("role") and now.get("postmaster_start_time") == before.get("postmaster_start_time")
            return now.get("state") == "running" and same, "state %s, role %s (%s before)%s" % (
                now.get("state", now.get("error")), now.get("role"), before.get("role"),
                "" if same else ", PostgreSQL started %s (%s before)" % (now.get("postmaster_start_time"), before.get("postmaster_start_time")))
        client.wait_until(60, "Patroni on %s to take over the running PostgreSQL" % args.own, probe)
    except client.Failure as error:
        failure = error
    finally:
        if not by_hand:
            resume(cluster, [args.own] + others)
    if failure is not None:
        client.journal(UNIT)
        raise failure
    client.say("changed", "%s restarted, PostgreSQL kept running%s" % (
        UNIT, "; the cluster stays in the maintenance mode it was in" if by_hand else ""))
    held.close()
    return 0


def resume(cluster, names):
    """Ends maintenance mode through the first member that answers."""
    errors = []
    for name in names:
        try:
            cluster.resume(name)
            return
        except client.Failure as error:
            errors.append(str(error))
    raise client.Failure("the cluster was left in maintenance mode (no failover happens); end it with `sudo /usr/local/bin/patronictl resume`: " + "; ".join(errors))


client.main(body)
