#!/usr/bin/python3
"""patroni-verify --self NAME --lag BYTES --timeout SECONDS NAME=ADDRESS:PORT…: one leader, every other member streaming from it.

Waits for it, the longer while a member still clones; a failure says what was expected and what was seen.
"""
import argparse
import importlib.util
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)

# A clone of a large database takes its time; PostgreSQL shows no progress by which to judge it.
CLONING = ("creating replica", "running custom bootstrap script")
CLONE_LIMIT = 4 * 3600


def problems(cluster, view, bound):
    """Everything that is not as it should be."""
    found = []
    if view.leader is None:
        found.append("there is no leader")
    for member in cluster.members:
        problem = view.problem(member.name, bound)
        if problem:
            found.append("%s %s" % (member.name, problem))
        elif view.members[member.name].get("pending_restart"):
            found.append("%s waits for a restart of PostgreSQL" % member.name)
    leaders = [m.name for m in cluster.members if cluster.status(m.name).get("role") in ("primary", "master")]
    if len(leaders) > 1:
        found.append("more than one PostgreSQL accepts writes: " + ", ".join(leaders))
    if view.paused:
        found.append("the cluster is in maintenance mode, no failover happens: end it with `sudo /usr/local/bin/patronictl resume`")
    return found


def body():
    """Exit code 0 when the cluster is as it should be."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--timeout", type=int, required=True)
    args, cluster = client.arguments(parser)
    start, last, seen = time.monotonic(), None, "nothing"
    while True:
        cloning = False
        try:
            view = cluster.view()
            seen, found = view.text(), problems(cluster, view, args.lag)
            cloning = any(m["state"] in CLONING for m in view.members.values())
            if not found:
                # Hosts that were taken out of the stack are stopped only after this.
                strangers = [name for name in view.members if name not in [m.name for m in cluster.members]]
                client.say("unchanged", "leader %s, %d replicas streaming: %s%s" % (
                    view.leader, len(view.members) - 1, seen, "; no host of the stack: " + ", ".join(strangers) if strangers else ""))
                return 0
            if view.paused and cluster.config(args.own).get(client.PAUSED_BY) == client.OURS:
                cluster.resume(args.own)
        except client.Failure as failure:
            found = [str(failure)]
        if found != last:
            client.progress("waiting: " + "; ".join(found))
            last = found
        if time.monotonic() - start >= (CLONE_LIMIT if cloning else args.timeout):
            break
        time.sleep(0.5)

    sys.stderr.write("expected: one leader and %d replicas streaming on its timeline, none lagging more than %d bytes, no restart pending\n"
                     "seen:     %s\n" % (len(cluster.members) - 1, args.lag, seen))
    sys.stderr.flush()
    subprocess.run(["/usr/local/bin/patronictl", "list", "-e"], stdout=sys.stderr, check=False)
    client.journal("patroni.service")
    raise client.Failure("the cluster is not healthy after %d s: %s. If its very first start failed, docs and `sudo /usr/local/bin/patronictl remove` say how to begin again"
                         % (time.monotonic() - start, "; ".join(found)))


client.main(body)
