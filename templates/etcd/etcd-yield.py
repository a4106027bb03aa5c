#!/usr/bin/python3
"""etcd-yield watch PATRONI-URL OWN-URL URL…: keeps etcd's leader off the host that leads PostgreSQL; runs for ever, as a service.
etcd-yield health: whether that service runs.
etcd-yield take OWN-URL URL…: has etcd led from here, for a drill; the service must stand still meanwhile.

Where both leaders die together, etcd's next leader grants the lock of the dead PostgreSQL leader its full time again. So the member here hands etcd's
lead on while PostgreSQL's is here. It looks at the state instead of being told of changes: also when etcd elects this member later on.
"""
import importlib.util
import json
import os
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("files", "/usr/local/lib/postgres-ha/with-environment")
files = importlib.util.module_from_spec(importlib.util.spec_from_loader("files", loader))
loader.exec_module(files)

INTERVAL = 5
CREDENTIALS = "/etc/etcd/root.env"
AUTHORITY = "/etc/postgres-ha/tls/ca.crt"


def leads_postgresql(url):
    """Whether this host's Patroni holds the leader's lock."""
    # A proxy in the environment is none for the cluster's own addresses.
    handlers = [urllib.request.ProxyHandler({})]
    try:
        if url.startswith("https:"):
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=AUTHORITY)))
        question = urllib.request.Request(url + "/primary", method="OPTIONS")
        with urllib.request.build_opener(*handlers).open(question, timeout=2) as answer:
            return answer.status == 200
    except (OSError, ValueError):
        return False


def etcdctl(endpoints, *words):
    """JSON that etcdctl answers; None when it fails. The password goes by the environment."""
    environment = dict(os.environ, PATH=files.PATH, no_proxy="*", NO_PROXY="*", **files.read(CREDENTIALS))
    environment["ETCDCTL_ENDPOINTS"] = ",".join(endpoints)
    done = subprocess.run(
        ["etcdctl", "--dial-timeout=1s", "--command-timeout=2s", "-w", "json"] + list(words),
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=10, check=False)
    try:
        return json.loads(done.stdout.decode()) if done.stdout else None
    except ValueError:
        return None


def status(url):
    """A member's own view; None when it does not answer."""
    answer = etcdctl([url], "endpoint", "status")
    return answer[0]["Status"] if answer else None


def step(patroni, own, others):
    """Hands etcd's lead on when both leaders are here."""
    if not leads_postgresql(patroni):
        return
    mine = status(own)
    if mine is None or mine["leader"] != mine["header"]["member_id"]:
        return
    for url in others:
        other = status(url)
        # One that lags would have to catch up while nobody leads.
        if other is not None and not other.get("errors") and mine["raftIndex"] - other["raftIndex"] < 1000:
            target = format(other["header"]["member_id"], "x")
            etcdctl([own], "move-leader", target)
            after = status(own)
            if after is not None and format(after["leader"], "x") == target:
                print("etcd is led by %s from now on: PostgreSQL's leader is here" % url, flush=True)
                return


def take(own, others):
    """Brings etcd's lead here."""
    mine = status(own)
    if mine is None:
        sys.exit("etcd at %s does not answer" % own)
    me = mine["header"]["member_id"]
    for url in others if mine["leader"] != me else []:
        other = status(url)
        if other is not None and other["leader"] == other["header"]["member_id"]:
            etcdctl([url], "move-leader", format(me, "x"))
    after = status(own)
    if after is None or after["leader"] != me:
        sys.exit("etcd is not led from %s: %s" % (own, after))


def main():
    if sys.argv[1] == "take":
        take(sys.argv[2], sys.argv[3:])
        return
    if sys.argv[1] == "health":
        sys.exit(subprocess.run(["systemctl", "is-active", "--quiet", "etcd-yield.service"], check=False).returncode)
    patroni, own, others = sys.argv[2], sys.argv[3], sys.argv[4:]
    while True:
        try:
            step(patroni, own, others)
        except (OSError, KeyError, IndexError, subprocess.SubprocessError) as error:
            print("%s: %s" % (type(error).__name__, error), file=sys.stderr, flush=True)
        time.sleep(INTERVAL)


main()
