#!/usr/bin/python3
"""patroni-reconcile --self NAME --lag BYTES --postgres VERSION --bin DIR --socket DIR --port PORT NAME=ADDRESS:PORT…: makes the cluster's
dynamic configuration what stdin says, and restarts PostgreSQL where that, or newly installed programs, need it: replicas first, one at a time,
then the leader by switchover.

Stdin holds two YAML documents: the dynamic configuration; and by host since when (Unix time) its programs are the installed ones.
"""
import argparse
import datetime
import importlib.util
import json
import re
import sys
import time
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)

client.as_patroni()
import yaml  # noqa: E402, pylint: disable=wrong-import-position

RESTART_LIMIT = 300
SWITCHOVER_LIMIT = 90
REPLAY_LIMIT = 60


# Of the stack file also where they do not stand in it.
OWNED = ("slots", "ignore_slots", "synchronous_mode_strict", "pause", client.PAUSED_BY)


def scalar(value):
    """A setting as text, so that 200 and '200', true and 'true' are the same, as they are for Patroni."""
    if isinstance(value, list):
        return json.dumps(value, sort_keys=True)
    return str(value).lower() if isinstance(value, bool) else str(value)


def keep(now, wanted):
    """Takes over what the stack file has no key for, such as standby_cluster or member_slots_ttl: a DBA set it. Returns its names."""
    kept = []
    for old, new, prefix in ((now, wanted, ""), (now.get("postgresql") or {}, wanted["postgresql"], "postgresql.")):
        for key in sorted(set(old) - set(new) - set(OWNED)):
            new[key] = old[key]
            kept.append(prefix + str(key))
    return kept


def flat(config, prefix=""):
    """A nested configuration as one level of dotted names."""
    result = {}
    for key, value in config.items():
        if isinstance(value, dict):
            result.update(flat(value, prefix + str(key) + "."))
        elif value is not None:
            result[prefix + str(key)] = scalar(value)
    return result


def differences(now, wanted):
    """The changed settings with one line of text each."""
    old, new = flat(now), flat(wanted)
    lines = {}
    for key in sorted(set(old) | set(new)):
        if key not in new:
            lines[key] = "- %s: %s (not in the stack file: set by hand, or no longer wanted)" % (key, old[key])
        elif key not in old:
            lines[key] = "+ %s: %s" % (key, new[key])
        elif old[key] != new[key]:
            lines[key] = "~ %s: %s -> %s" % (key, old[key], new[key])
    return lines


def restart_parameters(args, keys):
    """Those of the changed settings that PostgreSQL reads only when it starts."""
    prefix = "postgresql.parameters."
    names = [key[len(prefix):] for key in keys if key.startswith(prefix)]
    if not names:
        return []
    known = client.run([
        "runuser", "-u", "postgres", "--", args.bin + "/psql", "-XAtq", "-h", args.socket, "-p", args.port, "-d", "postgres",
        "-c", "SELECT name FROM pg_settings WHERE context = 'postmaster'"], cwd="/").split()
    return [name for name in names if name.lower() in known]


def read():
    """The two documents of stdin."""
    documents = list(yaml.safe_load_all(sys.stdin))
    wanted, installed = documents[0] if documents else None, documents[1] if len(documents) > 1 else None
    if not isinstance(wanted, dict) or "ttl" not in wanted:
        raise client.Failure("no dynamic configuration on stdin")
    return wanted, installed or {}


def seconds(text):
    """A moment as Patroni shows it (2026-11-27 03:05:43.123+00:00) in Unix time; None when it is none."""
    found = re.match(r"(\d+-\d+-\d+)[ T](\d+:\d+:\d+)(?:\.\d+)? ?(?:([-+])(\d\d):?(\d\d)?(?::\d\d)?|UTC|Z)$", text or "")
    if not found:
        return None
    moment = datetime.datetime.strptime("%s %s" % found.group(1, 2), "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc).timestamp()
    offset = int(found.group(4) or 0) * 3600 + int(found.group(5) or 0) * 60
    return moment + offset if found.group(3) == "-" else moment - offset


def write(args, cluster, wanted):
    """Brings the wanted configuration to etcd and waits until the members act by it. Returns what changed, and what was kept."""
    now = cluster.config(args.own)
    # Maintenance mode lies in the same place and is the DBA's, except where our own interrupted run left it.
    if now.get("pause") and now.get(client.PAUSED_BY) == client.OURS:
        client.progress("ending the maintenance mode that an interrupted run left behind")
        cluster.resume(args.own)
        now = cluster.config(args.own)
    if now.get("pause"):
        wanted["pause"] = True
    now.pop(client.PAUSED_BY, None)
    kept = keep(now, wanted)

    changed = differences(now, wanted)
    if not changed:
        return {}, kept
    for line in changed.values():
        client.progress(line)
    cluster.send(args.own, "PUT", "/config", wanted)

    restart = restart_parameters(args, changed)

    def probe():
        # A member shows the configuration that it has read in its last round.
        late = []
        for member in cluster.members:
            try:
                if differences(cluster.config(member.name), wanted):
                    late.append("%s has not read it yet" % member.name)
            except client.Failure as failure:
                late.append(str(failure))
        return not late, "; ".join(late)
    client.wait_until(45, "every member to read the new configuration", probe)
    # A member reloads PostgreSQL within that round, then asks it, a second later, whether something needs a restart.
    end = time.monotonic() + (15 if restart else 3)
    while time.monotonic() < end:
        if restart and all(cluster.status(m.name).get("pending_restart") for m in cluster.members):
            break
        time.sleep(0.5)
    return changed, kept


class Restarts:
    """Who needs a restart of PostgreSQL, and the safe order of it."""

    def __init__(self, args, cluster, since):
        self.args = args
        self.cluster = cluster
        self.since = since
        self.reasons = []
        installed = client.run([args.bin + "/postgres", "--version"]).split()[2]
        if installed != args.postgres:
            raise client.Failure("PostgreSQL %s is installed in %s on this host, %s is wanted" % (installed, args.bin, args.postgres))
        major, minor = args.postgres.split(".")[:2]
        self.version = int(major) * 10000 + int(minor)
        self.done = []

    def reason(self, name):
        """Why a member needs a restart; None when it does not."""
        seen = self.cluster.status(name)
        if seen.get("pending_restart"):
            names = sorted(seen.get("pending_restart_reason", {}))
            return "for " + ", ".join(names) if names else "for its settings"
        running = seen.get("server_version")
        if running is not None and running != self.version:
            return "for PostgreSQL %s (%d.%d runs)" % (self.args.postgres, running // 10000, running % 10000)
        # The same version may have been built anew, with other options.
        started = seconds(seen.get("postmaster_start_time"))
        if started is not None and started < self.since.get(name, 0):
            return "for the build that was installed after it was started"
        return None

    def needed(self):
        """The members that need one."""
        return [m.name for m in self.cluster.members if self.reason(m.name)]

    def healthy(self, what, names=None, limit=RESTART_LIMIT):
        """Waits until the members, by default all, are healthy; returns the view that shows it."""
        names = names or [m.name for m in self.cluster.members]

        def probe():
            try:
                view = self.cluster.view()
            except client.Failure as failure:
                return False, str(failure)
            found = ["%s %s" % (n, view.problem(n, self.args.lag)) for n in names if view.problem(n, self.args.lag)]
            if view.leader is None:
                found.append("there is no leader")
            return (True, view) if not found else (False, "; ".join(found))
        return client.wait_until(limit, what, probe)

    def restart(self, name, why):
        """One member's PostgreSQL, until it is healthy and has been started anew."""
        client.progress("%s: restarting PostgreSQL %s" % (name, why))
        self.reasons.append(why)
        start = self.cluster.status(name).get("postmaster_start_time")
        self.cluster.send(name, "POST", "/restart", {}, RESTART_LIMIT)

        def probe():
            seen = self.cluster.status(name)
            fresh = seen.get("state") == "running" and seen.get("postmaster_start_time") != start
            return fresh, "state %s, started %s" % (seen.get("state", seen.get("error")), seen.get("postmaster_start_time"))
        client.wait_until(RESTART_LIMIT, "PostgreSQL on %s to run again" % name, probe)
        self.healthy("%s to be healthy after its restart" % name)
        self.done.append(name)

    def replicas(self):
        """Every replica that needs it, one after the other. Returns those that still do afterwards."""
        for name in self.needed():
            view = self.healthy("the cluster to be healthy before the restart of %s" % name)
            if name != view.leader and self.reason(name):
                self.restart(name, self.reason(name))
        leader = self.cluster.view().leader
        return [name for name in self.needed() if name != leader]

    def leader(self):
        """The leader, by handing over to a replica: its PostgreSQL starts anew as that replica's replica."""
        view = self.healthy("the cluster to be healthy before the switchover")
        old, new = view.leader, view.candidate(self.args.lag)
        if new is None:
            raise client.Failure("%s needs a restart %s, but no replica may take over: %s" % (old, self.reason(old), view.text()))
        self.reasons.append(self.reason(old))
        client.progress("switchover from %s to %s: %s needs a restart %s" % (old, new, old, self.reason(old)))
        answer = self.cluster.send(old, "POST", "/switchover", {"leader": old, "candidate": new}, SWITCHOVER_LIMIT)
        client.progress(answer.strip())
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
    parser = argparse.ArgumentParser()
    for name in ("--postgres", "--bin", "--socket", "--port"):
        parser.add_argument(name, required=True)
    args, cluster = client.arguments(parser)
    wanted, since = read()
    held = client.lock("patroni-reconcile")

    def probe():
        status, text = client.request(cluster.url(args.own) + "/config")
        return status == 200, text.strip()
    # The first member may be creating the cluster this very moment.
    client.wait_until(120, "the cluster to be initialised", probe)

    changed, kept = write(args, cluster, wanted)
    restarts = Restarts(args, cluster, since)
    restarts.all()
    removed = [key for key, line in changed.items() if line.startswith("-")]
    # The last line is the one that everybody sees.
    said = ["%d settings" % len(changed) if changed else "dynamic configuration"]
    if removed:
        said.append("removed, since the stack file does not have it: " + " ".join(removed))
    if kept:
        said.append("kept, since the stack file has no key for it: " + " ".join(kept))
    if restarts.done:
        said.append("PostgreSQL restarted on %s %s" % (", ".join(dict.fromkeys(restarts.done)), "; ".join(dict.fromkeys(r for r in restarts.reasons if r))))
    elif changed:
        said.append("no restart needed")
    client.say("changed" if changed or restarts.done else "unchanged", ", ".join(said))
    held.close()
    return 0


client.main(body)
