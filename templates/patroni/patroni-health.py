#!/usr/bin/python3
"""patroni-health --self NAME --lag BYTES NAME=ADDRESS:PORT…: is the member of this host healthy? Asks once; who waits calls it again.

A member that never was healthy is creating or cloning its instance, which may need members that are not there yet: it passes as soon as its
API answers, and patroni-verify waits for the cluster as a whole.
"""
import importlib.util
import os
import re
import sys
import time
import urllib.parse
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)
loader = SourceFileLoader("certificates", "/usr/local/lib/postgres-ha/certificate-shown")
certificates = importlib.util.module_from_spec(importlib.util.spec_from_loader("certificates", loader))
loader.exec_module(certificates)

# Goes with the unit: after a destroy each member joins for the first time again, maybe with another password.
JOINED = "/var/lib/postgres-ha/joined/patroni.service"
# What Patroni logs when it goes on with the configuration that it had.
REFUSED = ("Exception when reloading local configuration", "Failed to reload config_file")
# What it logs when it has read its file. It does so at the beginning of a round; who has not seen it after two of the longest is not kept waiting.
READ = ("No local configuration items changed", "Reloading PostgreSQL configuration", "No PostgreSQL configuration items changed")
READ_LIMIT = 25


def problem(own, bound, cluster):
    """What keeps the member from being healthy; None when nothing does."""
    status = cluster.status(own)
    if "error" in status:
        return "Patroni's API on %s does not answer: %s" % (own, status["error"])
    if status.get("state") != "running":
        return "PostgreSQL on %s is %s%s" % (own, status.get("state"), client.last_words() if status.get("state") in client.BROKEN else "")
    refused = reload_refused() or certificate_refused() or api_refused(cluster.url(own))
    if refused:
        return "Patroni on %s goes on with its old configuration: %s" % (own, refused)
    if status.get("cluster_unlocked") and not status.get("pause"):
        return "the cluster has no leader"
    view = cluster.view()
    # The others ask it by the address that stands in etcd.
    address = view.members.get(own, {}).get("api_url", "")
    if address and not address.startswith(cluster.url(own).split(":", 1)[0] + ":"):
        return "the others know Patroni's API on %s as %s" % (own, address)
    found = view.problem(own, bound)
    return "%s %s" % (own, found) if found else None


def reload_refused():
    """What Patroni has said against its file since service-apply had it reload it, or that it has not read it yet; None otherwise."""
    since = os.environ.get("PGHA_SINCE")
    if not since:
        return None
    said = client.lines_of("patroni.service", "-o", "cat", "--since", "@" + since)
    refused = next((line for line in said if any(text in line for text in REFUSED)), None)
    if refused or any(text in line for line in said for text in READ) or time.time() - int(since) > READ_LIMIT:
        return refused
    return "it has not read its file yet"


def api_refused(url):
    """Whether Patroni's API answers in another way than its file says, or with another certificate than its file's; None where it does not."""
    if client.spoken(url) != url:
        return "its API answers as %s, not as %s" % (client.spoken(url), url)
    path = client.entry("certfile")
    if path is None or not os.environ.get("PGHA_SINCE"):
        return None
    parts = urllib.parse.urlsplit(url)
    found = certificates.problem(path, parts.hostname, parts.port, asks=False)
    if found is not None:
        # When its file has changed as well, Patroni (4.1.5) does not look at the certificate: it is told once more.
        client.run(["systemctl", "kill", "--kill-who=main", "--signal=HUP", "patroni.service"])
    return found


def certificate_refused():
    """Whether PostgreSQL goes on with another certificate than that of its file after a reload: one that it refuses it only logs. None where it does not."""
    if not os.environ.get("PGHA_SINCE"):
        return None
    with open(client.CONFIG, encoding="utf-8") as lines:
        text = lines.read()
    path = re.search(r"(?m)^ *ssl_cert_file: *['\"]?([^'\"\n]+)", text)
    address = re.search(r"(?ms)^postgresql:.*?^  connect_address: *['\"]?([0-9.]+):([0-9]+)", text)
    return certificates.problem(path.group(1), address.group(1), int(address.group(2))) if path and address else None


def body():
    """Exit code 0 when healthy."""
    args, cluster = client.arguments()
    found = problem(args.own, args.lag, cluster)
    if found is None:
        if not os.path.exists(JOINED):
            os.makedirs(os.path.dirname(JOINED), exist_ok=True)
            open(JOINED, "w").close()
        print("%s is healthy" % args.own)
        return 0
    state = cluster.status(args.own)
    # One that runs and was told to reread its files has joined, whether anybody has looked since or not.
    joined = os.path.exists(JOINED) or (os.environ.get("PGHA_SINCE") and state.get("state") == "running")
    if not joined and "error" not in state and state.get("state") not in client.BROKEN:
        print("%s joins for the first time: %s" % (args.own, state.get("state")))
        return 0
    raise client.Failure(found)


client.main(body)
