#!/usr/bin/python3
"""Shared by the tools that bring the cluster's dynamic configuration to etcd: what is wanted, what differs, who is asked. Loaded, never run.

On stdin they have two YAML documents: the dynamic configuration; and by host since when (Unix time) its programs are the installed ones.
"""
import importlib.util
import json
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader

import yaml

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)

# While a member is restarted with new values: its name and the old ones. An interrupted run leaves it behind, and the next one knows what to put back.
TRYING = "trying"
# Our tools' own notes: no settings.
NOTES = (client.PAUSED_BY, TRYING)
# Of the stack file also where they do not stand in it.
OWNED = ("slots", "ignore_slots", "synchronous_mode_strict", "pause") + NOTES
PARAMETERS = "postgresql.parameters."
READ_LIMIT = 45
BACK_LIMIT = 90


def read():
    """The two documents of stdin."""
    documents = list(yaml.safe_load_all(sys.stdin))
    wanted, installed = documents[0] if documents else None, documents[1] if len(documents) > 1 else None
    if not isinstance(wanted, dict) or "ttl" not in wanted:
        raise client.Failure("no dynamic configuration on stdin")
    return wanted, installed or {}


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
    old, new = (flat({key: value for key, value in config.items() if key not in NOTES}) for config in (now, wanted))
    lines = {}
    for key in sorted(set(old) | set(new)):
        if key not in new:
            lines[key] = "- %s: %s (not in the stack file: set by hand, or no longer wanted)" % (key, old[key])
        elif key not in old:
            lines[key] = "+ %s: %s" % (key, new[key])
        elif old[key] != new[key]:
            lines[key] = "~ %s: %s -> %s" % (key, old[key], new[key])
    return lines


def control(*arguments, text=None):
    """What patronictl prints, which needs etcd only."""
    done = subprocess.run(
        ["/usr/local/bin/patronictl"] + list(arguments), input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, universal_newlines=True, timeout=60, check=False)
    if done.returncode != 0:
        raise client.Failure("patronictl %s failed: %s" % (arguments[0], (done.stderr or done.stdout).strip()))
    return done.stdout


class ByMember:
    """The dynamic configuration through a member's REST API."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.name = name
        self.text = "the REST API of " + name

    def get(self):
        """As it stands in etcd."""
        return self.cluster.config(self.name)

    def put(self, wanted):
        """Replaces it."""
        self.cluster.send(self.name, "PUT", "/config", wanted)


class ByControl:
    """The dynamic configuration by patronictl, where no member answers."""

    text = "patronictl, since no member answers"

    @staticmethod
    def get():
        """As it stands in etcd; None where the cluster was never initialised."""
        return yaml.safe_load(control("show-config"))

    @staticmethod
    def put(wanted):
        """Replaces it."""
        control("edit-config", "--quiet", "--force", "--replace", "-", text=json.dumps(wanted))


def door(cluster):
    """The way to the dynamic configuration: the own member, any other, or patronictl. A member that was started for another cluster is none."""
    scope = client.entry("scope")
    for member in sorted(cluster.members, key=lambda m: m.name != cluster.own):
        status, _ = client.request(member.url + "/config")
        if status == 200 and cluster.status(member.name).get("patroni", {}).get("scope", scope) in (scope, None):
            return ByMember(cluster, member.name)
    return ByControl()


def write(args, cluster, wanted, way):
    """Brings the wanted configuration to etcd, and waits until each member that runs acts by it. Returns what changed, and what was kept."""
    now = way.get()
    # Maintenance mode lies in the same place, and is not the stack file's.
    for key in ("pause", client.PAUSED_BY):
        if now.get(key):
            wanted[key] = now[key]
    kept = keep(now, wanted)
    changed = differences(now, wanted)
    for line in changed.values():
        client.progress(line)
    if changed or TRYING in now:
        way.put(wanted)
    settle(args, cluster, wanted, changed)
    return changed, kept


def settle(args, cluster, wanted, changed):
    """Waits until every member that runs has read it. What a member shows is what it read in its last round."""
    def running():
        return [m.name for m in cluster.members if cluster.status(m.name).get("state") == "running"]

    def probe():
        late = []
        for name in running():
            try:
                if differences(cluster.config(name), wanted):
                    late.append("%s has not read it yet" % name)
            except client.Failure as failure:
                late.append(str(failure))
        return not late, "; ".join(late)
    if not changed and probe()[0]:
        return
    client.wait_until(READ_LIMIT, "every running member to read the new configuration", probe)
    # A member reloads PostgreSQL within that round, then asks it, a second later, whether something needs a restart.
    restart = restart_parameters(args, changed)
    end = time.monotonic() + (5 if restart else 3)
    while time.monotonic() < end:
        if restart and all(cluster.status(name).get("pending_restart") for name in running()):
            break
        time.sleep(0.5)


def restart_parameters(args, keys):
    """Those of the settings that PostgreSQL reads only when it starts; asked of the program, since no server may run."""
    names = [key[len(PARAMETERS):].lower() for key in keys if key.startswith(PARAMETERS)]
    if not names:
        return []
    known = [line.split("\t")[:2] for line in client.run([args.bin + "/postgres", "--describe-config"]).splitlines()]
    return [row[0] for row in known if len(row) == 2 and row[1] == "postmaster" and row[0].lower() in names]


def put_back(way, values):
    """Gives parameters the values that they had before, and ends the try. PostgreSQL's own defaults too: a member that only read the new value waits for a
    restart until it reads the old one, and not when there is none any more."""
    now = way.get()
    now.pop(TRYING, None)
    now.setdefault("postgresql", {}).setdefault("parameters", {}).update(values)
    way.put(now)


def shown(values):
    """Parameters and their values as text."""
    return ", ".join("%s = %s" % pair for pair in sorted(values.items()))


def end_of_try(cluster, wanted, way):
    """Puts back what an interrupted run was trying on a member that does not run since. Values that are still wanted are tried again, later and on a member
    that runs."""
    now = way.get()
    tried = now.get(TRYING)
    if not isinstance(tried, dict) or cluster.status(tried.get("member"), timeout=2).get("state") == "running":
        return
    name, values = tried["member"], tried.get("values") or {}
    asked = flat(wanted)
    same = [key for key in values if flat(now).get(PARAMETERS + key) == asked.get(PARAMETERS + key)]
    if not same:
        return
    client.progress("an interrupted run left %s without PostgreSQL while it tried %s; putting back %s" % (
        name, ", ".join(sorted(values)), shown(values)))
    put_back(way, values)
    try:
        client.wait_until(BACK_LIMIT, "PostgreSQL on %s to run again" % name, lambda: (
            cluster.status(name).get("state") == "running", cluster.status(name).get("state", "no answer")))
    except client.Failure as failure:
        # Whatever else is wrong with it, its own service step says.
        client.progress(str(failure))


def end_of_pause(cluster, way, port):
    """Ends the maintenance mode that an interrupted run left behind. Not while a PostgreSQL runs whose Patroni does not: the others would elect a leader
    beside it; that member's own step brings it back first."""
    now = way.get()
    if not now.get("pause") or now.get(client.PAUSED_BY) != client.OURS:
        return
    alone = [m.name for m in cluster.members if "error" in cluster.status(m.name) and client.listens(m.url, port)]
    if alone:
        client.progress("an interrupted run left the cluster in maintenance mode; it ends when Patroni runs again on " + ", ".join(alone))
        return
    client.progress("ending the maintenance mode that an interrupted run left behind")
    if isinstance(way, ByMember):
        cluster.resume(way.name)
    else:
        now.pop("pause")
        now.pop(client.PAUSED_BY)
        way.put(now)


def clear(args, cluster, wanted, way):
    """Puts right what an interrupted run has left."""
    end_of_pause(cluster, way, args.port)
    end_of_try(cluster, wanted, way)


def said(changed, kept):
    """What the last line says of it."""
    words = ["%d settings" % len(changed) if changed else "dynamic configuration"]
    removed = [key for key, line in changed.items() if line.startswith("-")]
    if removed:
        words.append("removed, since the stack file does not have it: " + " ".join(removed))
    if kept:
        words.append("kept, since the stack file has no key for it: " + " ".join(kept))
    return words
