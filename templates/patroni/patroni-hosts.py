#!/usr/bin/python3
"""patroni-hosts --self NAME --lag BYTES NAME=URL…: tells the running cluster which hosts the stack has, before anything else is changed.

One that is taken out of the stack reads it there (keepalived-member) and gives the virtual IP up while the others still talk to it: once their firewalls
and their keepalived have forgotten it, it would hear of nobody who holds it, and take it as well. One that leads hands over for the same reason: it asks
whoever is to take over whether that can be, and lets nobody in whom it does not know.
"""
import importlib.util
import os
import sys
import time
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)

KEY = "hosts"
READ_LIMIT = 45
# keepalived looks every two seconds.
NOTICED = 5


def first(cluster):
    """The first member whose API shows the dynamic configuration, and that; None where none does."""
    for member in cluster.members:
        status, text = client.request(member.url + "/config", timeout=2)
        if status == 200:
            return member.name, client.document(text)
    return None


def apis(cluster, names):
    """By name the API of those members that the cluster has and the stack has not."""
    found = {}
    for name, member in cluster.view().members.items():
        if name in names and member.get("api_url"):
            found[name] = member["api_url"].rsplit("/", 1)[0]
    return found


def body():
    """Writes it, and waits until those who leave have read it."""
    args, cluster = client.arguments()
    wanted = [member.name for member in cluster.members]
    answer = first(cluster) if os.path.exists(client.SECRETS) else None
    if answer is None:
        client.say("unchanged", "there is no cluster yet that could be told of its hosts")
        return 0
    name, config = answer
    # Every host waits for it; who is to take over asks for it.
    cluster.hand_over(args.lag, [args.own])
    known = config.get(KEY) or []
    if known == wanted:
        client.say("unchanged", "the cluster knows its %d hosts" % len(wanted))
        return 0
    cluster.send(name, "PATCH", "/config", {KEY: wanted})
    leaving = [host for host in known if host not in wanted]
    if leaving:
        urls = apis(cluster, leaving)

        def probe():
            late = [host for host, url in urls.items() if wanted != (client.document(client.request(url + "/config", timeout=2)[1]).get(KEY) or wanted)]
            return not late, "not yet read by " + ", ".join(late)
        client.wait_until(READ_LIMIT, "the hosts that leave to know it", probe)
        time.sleep(NOTICED)
    client.say("changed", "hosts: %s%s" % (", ".join(wanted), "; %s to leave" % ", ".join(leaving) if leaving else ""))
    return 0


client.main(body)
