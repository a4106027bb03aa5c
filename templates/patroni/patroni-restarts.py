#!/usr/bin/python3
"""Shared by the tools that restart PostgreSQL below Patroni: who needs it, and one member's restart, taken back when it does not start. Loaded, never run."""
import datetime
import importlib.util
import re
import sys
import time
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("dynamic", "/usr/local/lib/postgres-ha/patroni-dynamic")
dynamic = importlib.util.module_from_spec(importlib.util.spec_from_loader("dynamic", loader))
loader.exec_module(dynamic)
client = dynamic.client

RESTART_LIMIT = 300
# A replica may not have less of these than its leader: to lower them, the leader comes first.
LEADER_FIRST = ("max_connections", "max_worker_processes", "max_wal_senders", "max_prepared_transactions", "max_locks_per_transaction")


def seconds(text):
    """A moment as Patroni shows it (2026-11-27 03:05:43.123+00:00) in Unix time; None when it is none."""
    found = re.match(r"(\d+-\d+-\d+)[ T](\d+:\d+:\d+)(?:\.\d+)? ?(?:([-+])(\d\d):?(\d\d)?(?::\d\d)?|UTC|Z)$", text or "")
    if not found:
        return None
    moment = datetime.datetime.strptime("%s %s" % found.group(1, 2), "%Y-%m-%d %H:%M:%S").replace(tzinfo=datetime.timezone.utc).timestamp()
    offset = int(found.group(4) or 0) * 3600 + int(found.group(5) or 0) * 60
    return moment + offset if found.group(3) == "-" else moment - offset


def options(parser):
    """The arguments of the tools that look at PostgreSQL."""
    for name in ("--postgres", "--bin", "--socket", "--port"):
        parser.add_argument(name, required=True)
    return parser


def lowered(change):
    """Whether a reason for a restart is a smaller number."""
    try:
        return int(change["new_value"]) < int(change["old_value"])
    except (KeyError, TypeError, ValueError):
        return False


class Restarts:
    """Who needs a restart of PostgreSQL, and how it is done."""

    def __init__(self, args, cluster, since):
        self.args = args
        self.cluster = cluster
        self.since = since
        self.reasons = []
        self.done = []
        installed = client.run([args.bin + "/postgres", "--version"]).split()[2]
        if installed != args.postgres:
            raise client.Failure("PostgreSQL %s is installed in %s on this host, %s is wanted" % (installed, args.bin, args.postgres))
        major, minor = args.postgres.split(".")[:2]
        self.version = int(major) * 10000 + int(minor)

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

    def after_leader(self, name):
        """Whether a replica's restart would do nothing before its leader's."""
        changes = self.cluster.status(name).get("pending_restart_reason") or {}
        return bool(changes) and all(parameter in LEADER_FIRST and lowered(change) for parameter, change in changes.items())

    def changes(self, name):
        """By parameter the old and the new value of what a member waits to be restarted for."""
        seen = self.cluster.status(name)
        found = seen.get("pending_restart_reason") or {}
        if not found and seen.get("pending_restart") and name == self.cluster.own:
            # Patroni before 4.0 does not say.
            rows = self.ask("SELECT name || E'\\t' || current_setting(name) FROM pg_settings WHERE pending_restart")
            return {parameter: {"old_value": old} for parameter, old in (row.split("\t", 1) for row in rows)}
        return found

    def ask(self, query):
        """The lines of an answer of this host's own PostgreSQL."""
        return client.run([
            "runuser", "-u", "postgres", "--", self.args.bin + "/psql", "-XAtq", "-h", self.args.socket, "-p", self.args.port, "-d", "postgres",
            "-v", "ON_ERROR_STOP=1", "-c", query], cwd="/").splitlines()

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

        def ask():
            self.cluster.send(name, "POST", "/restart", {}, RESTART_LIMIT)
        self.attempt(name, start, ask)
        self.healthy("%s to be healthy after its restart" % name)
        self.done.append(name)

    def attempt(self, name, start, ask):
        """Has a member's PostgreSQL start anew. When it does not, the parameters that this was for get their old values, so that it starts again, and no
        other member is ever restarted with the new ones."""
        changes = self.changes(name)
        old = {parameter: change.get("old_value") for parameter, change in changes.items()}
        new = {parameter: change.get("new_value") for parameter, change in changes.items()}
        way = dynamic.door(self.cluster)
        before = (way.get() or {}).get("postgresql", {}).get("parameters", {})
        began = time.time() - 1
        if old:
            note(self.cluster, way, {"member": name, "values": old})
        answer = ""
        try:
            ask()
        except client.Failure as failure:
            answer = str(failure)

        def probe():
            seen = self.cluster.status(name)
            state = seen.get("state", seen.get("error"))
            fresh = state == "running" and (answer or seen.get("postmaster_start_time") != start)
            return fresh or state in client.BROKEN, "state %s, started %s" % (state, seen.get("postmaster_start_time"))
        # One that is merely slow, since it replays much WAL, is left to it.
        client.wait_until(RESTART_LIMIT, "PostgreSQL on %s to run again" % name, probe)
        if self.cluster.status(name).get("state") in client.BROKEN and self.still_broken(name):
            raise client.Failure(self.took_back(name, old, {p: before.get(p, value) for p, value in new.items()}, began, answer))
        if old:
            note(self.cluster, dynamic.door(self.cluster), None)
        if self.cluster.status(name).get("postmaster_start_time") == start:
            raise client.Failure("PostgreSQL on %s was not restarted: %s" % (name, answer))

    def still_broken(self, name):
        """Whether it stays so: Patroni may be about to try once more by itself."""
        time.sleep(2)
        return self.cluster.status(name).get("state") != "running"

    def took_back(self, name, old, new, began, answer):
        """Puts the old values back and says what happened, in one text."""
        said = client.complaints(began) if name == self.cluster.own else []
        lines = ["PostgreSQL on %s does not start%s" % (name, " with " + ", ".join("%s = %s" % pair for pair in sorted(new.items())) if new else "")]
        lines += ["  " + line for line in said] or ["  its journal (on that host: journalctl -u patroni.service) says why" + ("; " + answer if answer else "")]
        if not old:
            return "\n".join(lines + ["No parameter has changed, so there is none to put back; the other members run as before."])
        dynamic.put_back(dynamic.door(self.cluster), old)
        try:
            self.healthy("the cluster to be healthy with the old values", limit=dynamic.BACK_LIMIT)
            state = "the cluster is healthy with them"
        except client.Failure as failure:
            state = str(failure)
        lines.append("Put back: %s; %s. No further member was restarted. Correct %s in the stack file, then apply again." % (
            dynamic.shown(old), state, " and ".join("postgres.parameters." + p for p in sorted(old))))
        return "\n".join(lines)


def note(cluster, way, what):
    """Notes in the dynamic configuration which member is being restarted with new values, or that it is done."""
    if isinstance(way, dynamic.ByMember):
        cluster.send(way.name, "PATCH", "/config", {dynamic.TRYING: what})
