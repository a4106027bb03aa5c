#!/usr/bin/python3
"""patroni-reconcile --self NAME --lag BYTES --postgres VERSION --bin DIR --socket DIR --port PORT NAME=ADDRESS:PORT…: makes the cluster's
dynamic configuration what stdin says (patroni-dynamic), and restarts PostgreSQL where that, or newly installed programs, still need it: replicas first,
one at a time, then the leader by switchover.
"""
import argparse
import importlib.util
import sys
import time
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True


def load(name):
    """One of the modules that our tools share."""
    loader = SourceFileLoader(name, "/usr/local/lib/postgres-ha/patroni-" + name)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


load("client").as_patroni()
restarts = load("restarts")
dynamic, client = restarts.dynamic, restarts.client

REPLAY_LIMIT = 60


class Rollout(restarts.Restarts):
    """The safe order of the restarts."""

    def replicas(self):
        """Every replica that needs it, one after the other. Returns those that still do afterwards."""
        for name in self.needed():
            view = self.healthy("the cluster to be healthy before the restart of %s" % name)
            if name != view.leader and self.reason(name) and not self.waits_for_leader(name, view.leader):
                self.restart(name, self.reason(name))
        leader = self.cluster.view().leader
        return [name for name in self.needed() if name != leader]

    def waits_for_leader(self, name, leader):
        """Whether a restart would do nothing yet."""
        return self.after_leader(name) and self.reason(leader) is not None

    def leader(self):
        """The leader, by handing over to a replica: its PostgreSQL starts anew as that replica's replica."""
        view = self.healthy("the cluster to be healthy before the switchover")
        old, new = view.leader, view.candidate(self.args.lag)
        if new is None:
            raise client.Failure("%s needs a restart %s, but no replica may take over: %s" % (old, self.reason(old), view.text()))
        self.reasons.append(self.reason(old))
        client.progress("switchover from %s to %s: %s needs a restart %s" % (old, new, old, self.reason(old)))
        start = self.cluster.status(old).get("postmaster_start_time")

        def ask():
            answer = self.cluster.send(old, "POST", "/switchover", {"leader": old, "candidate": new}, client.SWITCHOVER_LIMIT)
            client.progress(answer.strip())
        self.attempt(old, start, ask)
        self.healthy("every member to follow %s" % new)
        self.done.append(old)

    def all(self):
        """Brings every member to a fresh start where it is needed."""
        if not self.needed():
            return
        if self.cluster.view().paused:
            raise client.Failure("PostgreSQL needs a restart on %s, but the cluster is in maintenance mode: end it with `sudo /usr/local/bin/patronictl resume`, then apply again"
                                 % ", ".join(self.needed()))
        left = self.replicas()
        leader = self.cluster.view().leader
        if left and self.reason(leader):
            # A replica may not have less of max_connections and its like than its leader: to lower them, the leader comes first, and a
            # replica that took over would only bring its old value along.
            self.restart(leader, self.reason(leader) + " in place, since lowering begins with the leader")
            # The replicas learn the leader's lower values by replaying its start.
            end = time.monotonic() + REPLAY_LIMIT
            while left and time.monotonic() < end:
                time.sleep(2)
                left = self.replicas()
        elif self.reason(leader):
            self.leader()
            if self.reason(leader):
                self.restart(leader, self.reason(leader))
        if self.needed():
            raise client.Failure("still waiting for a restart: " + "; ".join("%s %s" % (n, self.reason(n)) for n in self.needed()))


def body():
    """Writes, waits, restarts."""
    args, cluster = client.arguments(restarts.options(argparse.ArgumentParser()))
    wanted, since = dynamic.read()
    held = client.lock("patroni-reconcile")

    def probe():
        status, text = client.request(cluster.url(args.own) + "/config")
        return status == 200, text.strip()
    # The first member may be creating the cluster this very moment.
    client.wait_until(120, "the cluster to be initialised", probe)

    way = dynamic.ByMember(cluster, args.own)
    dynamic.clear(args, cluster, wanted, way)
    changed, kept = dynamic.write(args, cluster, wanted, way)
    rollout = Rollout(args, cluster, since)
    # One may have come to lead since the cluster was told of its hosts (patroni-hosts).
    cluster.hand_over(args.lag, [member.name for member in cluster.members])
    rollout.all()
    # The last line is the one that everybody sees.
    words = dynamic.said(changed, kept)
    if rollout.done:
        words.append("PostgreSQL restarted on %s %s" % (", ".join(dict.fromkeys(rollout.done)), "; ".join(dict.fromkeys(r for r in rollout.reasons if r))))
    elif changed:
        words.append("no restart needed")
    client.say("changed" if changed or rollout.done else "unchanged", ", ".join(words))
    held.close()
    return 0


client.main(body)
