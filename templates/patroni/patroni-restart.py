#!/usr/bin/python3
"""patroni-restart --self NAME --lag BYTES NAME=ADDRESS:PORT…: restarts Patroni on this host and leaves PostgreSQL running.

In maintenance mode Patroni leaves PostgreSQL alone when it stops, and finds it again when it starts: the leader
does not change. HAProxy is told by patroni-answer that it still leads, but for the last moment before Patroni's API is open again: connections through it may
be cut, and come back within a second. The mode is on for the few seconds this takes, marked as ours, so that an interrupted run is put right by the next.

A Patroni that does not come up again with its new files leaves a PostgreSQL that nobody watches. It goes on as a replica; a leader's is stopped, before
maintenance mode ends and the others elect a new one: two that take writes would be worse than a few seconds without any.
"""
import importlib.util
import os
import signal
import sys
import time
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True


def load(name):
    """Another tool as a module."""
    loader = SourceFileLoader(name.replace("-", "_"), "/usr/local/lib/postgres-ha/" + name)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


client = load("patroni-client")
answer = load("patroni-answer")

UNIT = "patroni.service"
STOP_LIMIT = 60
STEADY = 20


def plain(cluster, own, why):
    """The restart without maintenance mode: nothing runs that would be left alone, or it is out of Patroni's hands already and is found again."""
    names = [own] + [m.name for m in cluster.members if m.name != own]
    client.run(["systemctl", "restart", UNIT])
    if ours(cluster, names):
        # An interrupted run left it behind. Paused, Patroni would not start a PostgreSQL that is down; ended too soon, the others might elect a leader
        # beside one that still runs here.
        try:
            client.wait_until(60, "Patroni on %s to answer" % own, lambda: ("error" not in cluster.status(own), cluster.status(own).get("error")))
        except client.Failure:
            if not watched():
                stop()
            client.journal(UNIT)
            raise
        finally:
            client.progress("ending the maintenance mode that an interrupted run left behind")
            resume(cluster, names)
    client.say("changed", "%s restarted (%s)" % (UNIT, why))
    return 0


def body():
    """Restarts, then waits until the member is what it was before."""
    args, cluster = client.arguments()
    held = client.lock("patroni-restart")
    before = cluster.status(args.own)
    # Started with another file, it takes part in another cluster: the others know nothing of its maintenance mode.
    foreign = parted(cluster, args.own, before)
    if before.get("state") != "running":
        return plain(cluster, args.own, "PostgreSQL was %s" % before.get("state", "out of reach: " + before.get("error", "")))
    view = cluster.view()
    if view.leader is None and not cluster.paused_by_us(args.own):
        return plain(cluster, args.own, "the cluster has no leader")

    # A leader's own API goes away with it: another member answers for the configuration when this one is restarted.
    by_hand = view.paused and not cluster.paused_by_us(args.own)
    others = [m.name for m in cluster.members if m.name != args.own]

    failure = None
    try:
        if not by_hand:
            cluster.pause(args.own, [args.own] if foreign else None)
        if before.get("role") in client.PRIMARY:
            with answer.StandIn(client.spoken(url(cluster, args.own)), client.entry("certfile"), client.entry("keyfile")) as stand_in:
                client.run(["systemctl", "restart", UNIT])
                process = "/proc/" + client.run(["systemctl", "show", UNIT, "-p", "MainPID", "--value"]).strip()
                stand_in.alive = lambda: os.path.exists(process)
                stand_in.thread.join()
        else:
            client.run(["systemctl", "restart", UNIT])

        def probe():
            now = cluster.status(args.own)
            # Where the others have a leader meanwhile, it becomes that one's replica.
            same = foreign or all(now.get(key) == before.get(key) for key in ("role", "postmaster_start_time"))
            return now.get("state") == "running" and same, "state %s, role %s (%s before)%s" % (
                now.get("state", now.get("error")), now.get("role"), before.get("role"),
                "" if same else ", PostgreSQL started %s (%s before)" % (now.get("postmaster_start_time"), before.get("postmaster_start_time")))
        client.wait_until(60, "Patroni on %s to take over the running PostgreSQL" % args.own, probe)
    except client.Failure as error:
        failure = error
    stopped = False
    try:
        if failure is not None and not by_hand and before.get("role") in client.PRIMARY and not watched():
            stopped = stop()
    finally:
        if not by_hand:
            resume(cluster, [args.own] + others)
    if failure is not None:
        client.journal(UNIT)
        raise client.Failure(str(failure) + (
            "; its PostgreSQL, the leader's, was stopped, so that another member may take over" if stopped else ""))
    client.say("changed", "%s restarted, PostgreSQL kept running%s" % (
        UNIT, "; the cluster stays in the maintenance mode it was in" if by_hand else ""))
    held.close()
    return 0


def url(cluster, own):
    """Where this member's API answers."""
    return next(member.url for member in cluster.members if member.name == own)


def scope(status):
    """The cluster that a running Patroni takes part in; None where it does not say."""
    return status.get("patroni", {}).get("scope")


def parted(cluster, own, before):
    """Whether the running Patroni takes part in another cluster than its file names. It may come back to where the others are, and not leave them."""
    now, new = scope(before), client.entry("scope")
    if now in (None, new):
        return False
    others = {scope(cluster.status(member.name)) for member in cluster.members if member.name != own} - {None}
    if others and new not in others:
        raise client.Failure("Patroni on %s is a member of the cluster %s, as the others are; its new file names %s, which would part it from them. "
                             "Nothing was restarted: put the name back in the stack file, then apply again" % (own, now, new))
    return True


def watched():
    """Whether a Patroni runs here for a while already, heard or not: it then watches PostgreSQL itself. One that ends and is started again does not."""
    state = client.run(["systemctl", "show", UNIT, "-p", "ActiveState", "-p", "ExecMainStartTimestampMonotonic"])
    facts = dict(line.split("=", 1) for line in state.splitlines() if "=" in line)
    since = int(facts.get("ExecMainStartTimestampMonotonic") or 0) / 1e6
    return facts.get("ActiveState") == "active" and time.clock_gettime(time.CLOCK_MONOTONIC) - since > STEADY


def stop():
    """Stops the PostgreSQL that Patroni has left, in its fast way: it hands its last WAL to the replicas. Whether there was one."""
    try:
        with open(os.path.join(client.entry("data_dir") or "", "postmaster.pid"), encoding="utf-8") as lines:
            pid = int(lines.readline())
        with open("/proc/%d/comm" % pid, encoding="utf-8") as name:
            if name.read().strip() != "postgres":
                return False
        os.kill(pid, signal.SIGINT)
    except (OSError, ValueError):
        return False
    client.progress("stopping PostgreSQL: it is the leader's, and no Patroni watches it")
    client.wait_until(STOP_LIMIT, "PostgreSQL (process %d) to stop" % pid, lambda: (not os.path.exists("/proc/%d" % pid), "it still runs"))
    return True


def ours(cluster, names):
    """Whether the first member that answers shows a maintenance mode that our tools began."""
    for name in names:
        try:
            return cluster.paused_by_us(name)
        except client.Failure:
            pass
    return False


def resume(cluster, names):
    """Ends our maintenance mode through the first member that answers."""
    errors = []
    for name in names:
        try:
            if cluster.paused_by_us(name):
                cluster.resume(name)
            return
        except client.Failure as error:
            errors.append(str(error))
    raise client.Failure("the cluster was left in maintenance mode (no failover happens); end it with `sudo /usr/local/bin/patronictl resume`: " + "; ".join(errors))


client.main(body)
