#!/usr/bin/python3
"""haproxy-checks begin NAME=ADDRESS… -- WORD…: before the members of Patroni are to be checked in another way: this host's HAProxy checks them in both.
haproxy-checks end: when all members answer in the other way, and HAProxy's file is written: only that one is left.

A member answers by TLS or without, under one name or another, and they change one after the other, while HAProxy on every host must find the leader. So
each member whose check is to change stands in HAProxy's file twice meanwhile: as it is to be (NAME, of which {} in the WORDs stands for the name), and as
it is now (NAME:old). Who goes down for having changed keeps its connections. No host has a name with a colon.

The file as it was lies beside it until the end, for the case that a person puts the old stack file back: then nobody else writes it. While a record says
so, our own tools ask the members in both ways as well (patroni-client).
"""
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)

CONFIG = "/etc/haproxy/haproxy.cfg"
USERS = "/etc/haproxy/users.cfg"
BEFORE = "/var/lib/postgres-ha/haproxy.cfg.before"
UNIT = "haproxy.service"
OLD = ":old"
ENDS = " on-marked-down shutdown-sessions"
# A server whose own check decides, and one that follows it.
CHECKED = re.compile(r"(\s+server )(\S+)( ([0-9.]+):[0-9]+ check port [0-9]+)(.*)")
FOLLOWING = re.compile(r"(\s+server )(\S+)( ([0-9.]+):[0-9]+ track )([^/\s]+)/(\S+)")


def bridged(text, names, words):
    """The configuration with each member twice that is to be checked in another way; None where none is. names: by address."""
    changing = set()
    for line in text.splitlines():
        found = CHECKED.fullmatch(line)
        if found and found.group(4) in names:
            new = names[found.group(4)]
            if (found.group(2), found.group(5).split()) != (new, named(words, new)):
                changing.add(found.group(4))
    if not changing:
        return None
    lines = []
    for line in text.splitlines():
        checked, following = CHECKED.fullmatch(line), FOLLOWING.fullmatch(line)
        found = checked or following
        if line.lstrip().startswith("default-server"):
            lines.append(line.replace(ENDS, ""))
        elif found and found.group(4) in changing:
            before, name, place, address = found.groups()[:4]
            new = names[address]
            if checked:
                lines.append(before + new + place + "".join(" " + word for word in named(words, new)) + ENDS)
                lines.append(before + name + OLD + place + found.group(5))
            else:
                lines.append(before + new + place + found.group(5) + "/" + new + ENDS)
                lines.append(before + name + OLD + place + found.group(5) + "/" + name + OLD)
        else:
            lines.append(line + ENDS if found else line)
    return "\n".join(lines) + "\n"


def named(words, name):
    """What is to stand behind a member's port."""
    return [word.replace("{}", name) for word in words]


def is_bridged(text):
    """Whether a configuration is one of ours for the time between."""
    return any(found and found.group(2).endswith(OLD) for found in map(CHECKED.fullmatch, text.splitlines()))


def read(path):
    """A file's text; empty where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write(path, text, like=None):
    """A file in one step; with the owner and mode of another."""
    new = "%s.pgha-%d" % (path, os.getpid())
    try:
        with open(new, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o600)
            if like:
                shutil.copymode(like, new)
                shutil.chown(new, os.stat(like).st_uid, os.stat(like).st_gid)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if path == CONFIG:
            client.run(["haproxy", "-c", "-q", "-f", new, "-f", USERS])
        os.rename(new, path)
    finally:
        if os.path.exists(new):
            os.remove(new)
    if shutil.which("restorecon"):
        subprocess.run(["restorecon", "-F", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def reload():
    """Has a HAProxy that runs read its file; one that does not run does so when it starts."""
    state = subprocess.run(["systemctl", "is-active", UNIT], stdout=subprocess.PIPE, check=False).stdout.decode().strip()
    if state in ("active", "reloading"):
        try:
            client.run(["systemctl", "reload", UNIT])
        except client.Failure:
            client.journal(UNIT)
            raise


def begin(names, words):
    """The time between begins: the file, the reload, and then the record, which says that both were done."""
    text = read(CONFIG)
    if not text:
        client.say("unchanged", "there is no HAProxy yet that checks in any way")
        return
    since = read(client.BOTH).strip()
    if not is_bridged(text):
        now = bridged(text, names, words)
        if now is None:
            client.say("unchanged", "HAProxy checks the members as it is to")
            return
        # One that an earlier change has left says nothing of this one.
        if since:
            os.remove(client.BOTH)
        write(BEFORE, text)
        write(CONFIG, now, CONFIG)
    elif since:
        client.say("unchanged", "HAProxy checks the members as it is to, and as before, since %s" % since)
        return
    reload()
    # What follows is done again when this was.
    since = "%d" % (time.time() * 1000)
    write(client.BOTH, since + "\n")
    client.say("changed", "HAProxy checks the members as it is to, and as before, since %s" % since)


def end():
    """The time between ends. The record goes last."""
    before = read(BEFORE)
    if is_bridged(read(CONFIG)):
        # The old stack file was put back before anybody had written another one.
        if not before:
            raise client.Failure("%s is one for a change of the members' checks, and %s, with which it began, is gone; "
                                 "raise `reapply` in the stack file and apply, so that it is written again" % (CONFIG, BEFORE))
        write(CONFIG, before, CONFIG)
    elif not before and not os.path.exists(client.BOTH):
        client.say("unchanged", "HAProxy checks the members in one way")
        return
    # Also where a run was cut off between the two.
    if read(CONFIG) == before:
        reload()
    for path in (BEFORE, client.BOTH):
        if os.path.exists(path):
            os.remove(path)
    client.say("changed", "HAProxy checks the members in one way from now on")


def body():
    """One of the two."""
    held = client.lock("haproxy-checks")
    if sys.argv[1] == "begin":
        at = sys.argv.index("--")
        begin({address: name for name, address in (word.split("=", 1) for word in sys.argv[2:at])}, sys.argv[at + 1:])
    elif sys.argv[1] == "end":
        end()
    else:
        raise client.Failure("haproxy-checks: unknown task %s" % sys.argv[1])
    held.close()


client.main(body)
