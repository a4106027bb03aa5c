#!/usr/bin/python3
"""patroni-renew --self NAME --lag BYTES --postgres VERSION --bin DIR --socket DIR --port PORT NAME=ADDRESS:PORT…: restarts PostgreSQL on this host where
its settings or newly installed programs need it, when its member is a replica; then compares what runs with what stdin asks (patroni-dynamic).

Run on one host after the other: what does not start on the first is put back there, and goes no further. The leader, and a replica that can only follow
it, are left to patroni-reconcile.
"""
import argparse
import importlib.util
import sys
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

AUTO = "postgresql.auto.conf"
# A setting of the session that asks, or of its role or database: the server's own value is not seen behind it.
SESSION = ("session", "client", "user", "database", "database user", "override")
TRUTHS = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}
# The last line of a file that sets a parameter counts, of the files the last one.
FILES = """SELECT pg_catalog.json_build_object('name', name, 'setting', setting, 'file', sourcefile, 'line', sourceline, 'error', error)
FROM pg_catalog.pg_file_settings ORDER BY seqno"""
RUNNING = """SELECT pg_catalog.json_build_object('name', name, 'setting', setting, 'shown', pg_catalog.current_setting(name), 'source', source,
'pending', pending_restart, 'kind', vartype) FROM pg_catalog.pg_settings"""


def renew(restarting, own):
    """Restarts the own PostgreSQL where it is this step's to do; returns why it was not, None otherwise."""
    why = restarting.reason(own)
    if why is None:
        return None
    view = restarting.cluster.view()
    if own == view.leader:
        return "the leader's restart %s comes last" % why
    if view.paused:
        return "the cluster is in maintenance mode"
    if restarting.after_leader(own):
        return "its restart %s comes after the leader's" % why
    view = restarting.healthy("the cluster to be healthy before the restart of %s" % own)
    if own == view.leader:
        return "the leader's restart %s comes last" % why
    restarting.restart(own, why)
    return None


def rows(restarting, query):
    """An answer of the own PostgreSQL, by name; of several with one name the last."""
    return {row["name"].lower(): row for row in map(client.document, restarting.ask(query)) if row.get("name")}


def same(asked, setting):
    """Whether a text of the file is what was asked."""
    asked, setting = str(asked).lower(), str(setting).lower()
    return asked == setting or (asked in TRUTHS and setting in TRUTHS and TRUTHS[asked] == TRUTHS[setting])


def compare(restarting, own, parameters):
    """What is not as asked: errors of the configuration file with the value that still runs; texts of what else differs; what ALTER SYSTEM overrides."""
    files, running = rows(restarting, FILES), rows(restarting, RUNNING)
    waiting = {name.lower() for name in restarting.changes(own)}
    errors, other, overridden = {}, [], []
    for name, row in sorted(files.items()):
        if not row["error"] or name in waiting or running.get(name, {}).get("pending"):
            continue
        errors[name] = "%s = %s (%s line %s): %s" % (row["name"], row["setting"], row["file"], row["line"], row["error"])
    for given, asked in sorted(parameters.items()):
        name = given.lower()
        if name in errors:
            continue
        row, now = files.get(name), running.get(name)
        # Of an extension that is not loaded pg_settings shows nothing.
        if row is None or (now is None and "." not in name):
            other.append("%s = %s was asked, and PostgreSQL's configuration does not have it: Patroni drops what it does not know" % (given, asked))
        elif str(row["file"]).endswith("/" + AUTO) and not same(asked, row["setting"]):
            overridden.append("%s is %s by ALTER SYSTEM, not %s: take it back with `ALTER SYSTEM RESET %s` on %s" % (given, row["setting"], asked, given, own))
        elif not same(asked, row["setting"]):
            other.append("%s = %s was asked, %s stands in %s" % (given, asked, row["setting"], row["file"]))
        elif now and name not in waiting and not now["pending"] and now["source"] not in SESSION + ("configuration file", "command line"):
            other.append("%s = %s was asked, %s runs (%s)" % (given, asked, now["shown"], now["source"]))
    return errors, other, overridden


def verify(restarting, own, parameters):
    """Fails with what PostgreSQL says against its settings, after the values that still run were put back; returns what is to be said otherwise."""
    errors, other, overridden = compare(restarting, own, parameters)
    if not errors and not other:
        return overridden
    lines = ["PostgreSQL on %s does not run with what was asked" % own] + ["  " + text for text in list(errors.values()) + other]
    running = rows(restarting, RUNNING)
    old = {given: running[given.lower()]["shown"] for given in parameters if given.lower() in errors and given.lower() in running}
    if old:
        # It would not start again with them.
        dynamic.put_back(dynamic.door(restarting.cluster), old)
        lines.append("Put back, so that every member can be restarted: " + dynamic.shown(old))
    wrong = sorted(given for given in parameters if given.lower() in errors or any(text.startswith(given + " = ") for text in other))
    lines.append("Correct %s, then apply again." % (" and ".join("postgres.parameters." + given for given in wrong) or "the lines above"))
    raise client.Failure("\n".join(lines))


def body():
    """Restarts, compares."""
    args, cluster = client.arguments(restarts.options(argparse.ArgumentParser()))
    wanted, since = dynamic.read()
    held = client.lock("patroni-renew")
    client.wait_until(120, "the cluster to be initialised", lambda: (isinstance(dynamic.door(cluster), dynamic.ByMember), "no member shows its configuration"))
    way = dynamic.door(cluster)
    dynamic.clear(args, cluster, wanted, way)
    # What this step took back at its last run is still asked.
    changed, _ = dynamic.write(args, cluster, wanted, way)
    state = cluster.status(args.own).get("state", "not there yet")
    if state in client.BROKEN:
        raise client.Failure("PostgreSQL on %s is %s%s" % (args.own, state, client.last_words()))
    if state != "running":
        # It is being made, for the first time; how it becomes healthy is watched at the end.
        client.say("unchanged", "%s is %s" % (args.own, state))
        return 0
    restarting = restarts.Restarts(args, cluster, since)
    left = renew(restarting, args.own)
    notes = verify(restarting, args.own, (wanted.get("postgresql") or {}).get("parameters") or {})
    words = ["PostgreSQL restarted " + "; ".join(restarting.reasons) if restarting.done else left or "PostgreSQL runs with its settings"]
    client.say("changed" if changed or restarting.done else "unchanged", ", ".join(words + notes))
    held.close()
    return 0


client.main(body)
