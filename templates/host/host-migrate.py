#!/usr/bin/python3
"""host-migrate --self NAME --name NAME --lag BYTES --postgres DIRECTORY --etcd DIRECTORY|none [--open UNIT=DIRECTORY]… [--unless-leader] MEMBER=URL…: gives this host's
member the name and the data directories that its stack file asks for; it runs on afterwards. Sent by `pgha migrate`, and on no host as a file.

--self is the name by which the others know it at present, --name the one that it gets; --open says what a unit must open to its service.
The leader hands over first; with --unless-leader it is left alone, with exit code 75.

What is begun stands in the host's record (`migrating`) until all runs again, and the preflight refuses any application meanwhile: cut off anywhere and run again,
it goes on; run with the former values, it leads back.
"""
import argparse
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", "/usr/local/lib/postgres-ha/patroni-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)

IDENTITY = "/var/lib/postgres-ha/identity"
ETCD_CONFIG = "/etc/etcd/etcd.conf.yml"
ETCD_UNIT = "/etc/systemd/system/etcd.service"
TOOLS = "/usr/local/lib/postgres-ha/"
MIGRATING = "migrating"
LEADS = 75
# In a copy until its service has run with it.
COPIED = "/.postgres-ha-copied"
PARTS = ".migrating"
STOP_LIMIT = 120
OTHERS_LIMIT = 90
# PostgreSQL may have much to replay, and etcd asks for a quorum.
START_LIMIT = 600


def edit(path, change):
    """Changes a file as a whole, with the owner and mode that it has."""
    with open(path, encoding="utf-8") as file:
        old = file.read()
    new = change(old)
    if new == old:
        return
    seen = os.stat(path)
    temporary = path + ".migrated"
    with open(temporary, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), seen.st_mode & 0o7777)
        os.fchown(file.fileno(), seen.st_uid, seen.st_gid)
        file.write(new)
        file.flush()
        os.fsync(file.fileno())
    os.rename(temporary, path)


def line(key, value):
    """A change of a file's plain entry, which is there once, in the words of the template where they are plain ones."""
    words = value if re.match(r"[/A-Za-z][-\w./]*$", value) else json.dumps(value)
    return lambda text: re.sub(r"(?m)^( *%s:) .*$" % key, lambda found: "%s %s" % (found.group(1), words), text, count=1)


def known(key):
    """This host's record of a value by which its member is known."""
    with open(IDENTITY, encoding="utf-8") as lines:
        return next((text.split(" ", 1)[1].rstrip("\n") for text in lines if text.startswith(key + " ")), None)


def remember(key, value):
    """Sets it."""
    edit(IDENTITY, lambda text: re.sub(r"(?m)^%s .*$" % re.escape(key), lambda _: "%s %s" % (key, value), text))


def begun():
    """By service the directories that a move which has not ended goes from and to; None where none was begun."""
    text = known(MIGRATING)
    return json.loads(text) if text else None


def begin(places):
    """Notes it, with those of an earlier move that did not end either."""
    before = begun() or {}
    merged = {name: sorted(set(before.get(name, [])) | set(found)) for name, found in places.items()}
    edit(IDENTITY, lambda text: without_note(text) + "%s %s\n" % (MIGRATING, json.dumps(merged)))


def end():
    """Takes the note away."""
    edit(IDENTITY, without_note)


def without_note(text):
    """The record without it."""
    return re.sub(r"(?m)^%s .*\n" % MIGRATING, "", text)


def plain(path, key):
    """A plain entry of a file."""
    with open(path, encoding="utf-8") as lines:
        found = re.search(r"(?m)^ *%s: *(.*?) *$" % key, lines.read())
    return found.group(1).strip("\"'") if found else ""


def used(directory):
    """Bytes below a directory."""
    return int(client.run(["du", "-sk", directory]).split()[0]) * 1024


def filled(directory, mark):
    """Whether the data are there."""
    return os.path.exists(os.path.join(directory, mark))


def source(name, current, target, mark):
    """Where the data lie: in the directory that the service's file names, or in another one that an unfinished move knows of."""
    places = [current, target] + (begun() or {}).get(name, [])
    return next((place for place in places if filled(place, mark)), current)


def is_moved(old, new, mark):
    """Whether there is nothing left to move."""
    return old == new or (filled(new, mark) and not filled(old, mark))


def drop_copy(directory):
    """Removes a copy of ours, whole or not, with which no service ever ran: the data it was made of may have gone on since."""
    shutil.rmtree(directory + PARTS, ignore_errors=True)
    if os.path.exists(directory + COPIED):
        shutil.rmtree(directory)


def may_move(old, new, mark, owner):
    """Refuses a move that cannot be made, before anything is stopped."""
    if is_moved(old, new, mark):
        return
    drop_copy(new)
    if not filled(old, mark):
        raise client.Failure("%s on this host holds no data that could be moved" % old)
    if os.path.commonpath([old, new]) in (old, new):
        raise client.Failure("%s and %s: one is below the other; name a directory beside it" % (old, new))
    if os.path.ismount(new):
        raise client.Failure("%s is a file system of its own; name a directory below it, %s/data" % (new, new))
    if os.path.islink(new) or (os.path.exists(new) and (not os.path.isdir(new) or os.listdir(new))):
        raise client.Failure("%s is there already and is no empty directory; what is it? Move it away, or name another one" % new)
    above = os.path.dirname(new)
    while not os.path.exists(above):
        above = os.path.dirname(above)
    if subprocess.run(["runuser", "-u", owner, "--", "test", "-x", above], check=False, cwd="/").returncode != 0:
        raise client.Failure("user %s on this host cannot reach %s, in which %s is to be; open it (chmod o+x), or name another directory" % (owner, above, new))
    if os.stat(above).st_dev != os.stat(old).st_dev or os.path.ismount(old):
        wanted, free = used(old), shutil.disk_usage(above).free
        if free < wanted * 1.1:
            raise client.Failure("%s has %d MB free, and %s holds %d MB" % (above, free // 1000000, old, wanted // 1000000))


def move(old, new, mark, owner):
    """Moves the data of a service that is stopped: by name where that can be, by a copy otherwise, and then the old ones stay."""
    if is_moved(old, new, mark):
        return
    os.makedirs(os.path.dirname(new), exist_ok=True)
    try:
        # Onto an empty directory as well.
        os.rename(old, new)
        client.progress("%s is now %s" % (old, new))
    except OSError:
        parts = new + PARTS
        client.progress("copying %s to %s, on another file system" % (old, new))
        client.run(["cp", "-a", "--reflink=auto", old, parts])
        with open(parts + COPIED, "w", encoding="utf-8"):
            pass
        os.sync()
        if os.path.isdir(new):
            os.rmdir(new)
        os.rename(parts, new)
        client.progress("the old data are left in %s: remove them once all is well" % old)
    shutil.chown(new, owner, owner)
    os.chmod(new, 0o700)
    if shutil.which("restorecon"):
        client.run(["restorecon", "-RF", new])


def finish(name, directory):
    """Once the service runs on a directory: it is no mere copy any more, and those that an unfinished move left elsewhere go."""
    if os.path.exists(directory + COPIED):
        os.remove(directory + COPIED)
    for place in (begun() or {}).get(name, []):
        if place != directory:
            drop_copy(place)


class Patroni:
    """The member of PostgreSQL."""

    NAME = "postgres"
    UNIT = "patroni.service"

    def __init__(self, args):
        self.args = args
        self.cluster = client.Cluster([client.Member(*word.split("=", 1)) for word in args.members], args.own)
        self.data = plain(client.CONFIG, "data_dir")

    def wanted(self):
        """Whether there is something to do."""
        return self.data != self.args.postgres or plain(client.CONFIG, "name") != self.args.name \
            or known("host") != self.args.name or known("postgres.dataDirectory") != self.args.postgres or begun() is not None

    def check(self):
        """What must be so before it is stopped. Returns whether it leads."""
        may_move(source(self.NAME, self.data, self.args.postgres, "PG_VERSION"), self.args.postgres, "PG_VERSION", "postgres")
        own = {self.args.own, self.args.name}

        def probe():
            view = self.cluster.view()
            if view.paused:
                raise client.Failure("the cluster is in maintenance mode; end it with `sudo /usr/local/bin/patronictl resume`, then try again")
            bad = ["%s %s" % (name, view.problem(name, self.args.lag)) for name in view.members
                   if name not in own and view.problem(name, self.args.lag)]
            return not bad and view.leader is not None, view if not bad and view.leader else "; ".join(bad) or "there is no leader"
        # The name that a member had before is known for as long as its lease.
        view = client.wait_until(OTHERS_LIMIT, "all other members to serve (a member is moved only while they do: see ./pgha status)", probe)
        return view.leader in own

    def hand_over(self):
        """The lead, where this member has it, to another one."""
        view = self.cluster.view()
        if view.leader not in (self.args.own, self.args.name):
            return
        new = view.candidate(self.args.lag)
        if new is None:
            raise client.Failure("%s leads, and no replica may take over: %s" % (view.leader, view.text()))
        client.progress("switchover from %s to %s" % (view.leader, new))
        self.cluster.send(view.leader, "POST", "/switchover", {"leader": view.leader, "candidate": new}, client.SWITCHOVER_LIMIT)
        self.healthy(view.leader, "to follow %s" % new)

    def healthy(self, name, what):
        """Waits until a member streams."""
        def probe():
            try:
                view = self.cluster.view()
            except client.Failure as failure:
                return False, str(failure)
            found = view.problem(name, self.args.lag) or (None if view.leader else "there is no leader")
            return found is None, found
        try:
            client.wait_until(START_LIMIT, "%s %s" % (name, what), probe)
        except client.Failure:
            client.journal(self.UNIT)
            raise

    def run(self):
        """Stops it, moves it, starts it."""
        data = source(self.NAME, self.data, self.args.postgres, "PG_VERSION")
        if {self.data, data} != {self.args.postgres} or plain(client.CONFIG, "name") != self.args.name:
            self.hand_over()
            # Patroni takes its PostgreSQL along.
            client.run(["systemctl", "stop", self.UNIT])
            client.wait_until(STOP_LIMIT, "PostgreSQL to stop", lambda: (not os.path.exists(self.data + "/postmaster.pid") or not self.runs(), "it still runs"))
            move(data, self.args.postgres, "PG_VERSION", "postgres")
            open_to(self.UNIT, self.args)
            edit(client.CONFIG, lambda text: line("name", self.args.name)(line("data_dir", self.args.postgres)(text)))
        client.run(["systemctl", "start", self.UNIT])
        self.healthy(self.args.name, "to follow the leader again")
        finish(self.NAME, self.args.postgres)
        remember("postgres.dataDirectory", self.args.postgres)

    def runs(self):
        """Whether the PostgreSQL of the data still runs."""
        try:
            with open(self.data + "/postmaster.pid", encoding="utf-8") as lines:
                pid = int(lines.readline())
            with open("/proc/%d/comm" % pid, encoding="utf-8") as name:
                return name.read().strip() in ("postgres", "postmaster")
        except (OSError, ValueError):
            return False


class Etcd:
    """The member of etcd, where the host has one."""

    NAME = "etcd"
    UNIT = "etcd.service"

    def __init__(self, args):
        self.args = args
        self.data = plain(ETCD_CONFIG, "data-dir") if args.etcd != "none" else "none"

    def wanted(self):
        """Whether there is something to do."""
        return self.data != "none" and (
            self.data != self.args.etcd or plain(ETCD_CONFIG, "name") != self.args.name or known("etcd.dataDirectory") != self.args.etcd
            or begun() is not None)

    def others(self):
        """The other members' addresses for clients, as this one knows them; it may be down already, by a run that was cut off."""
        own = plain(ETCD_CONFIG, "advertise-client-urls")
        members = ask_etcd(plain(ETCD_CONFIG, "initial-advertise-peer-urls") + "/members") or []
        return [url for member in members for url in member.get("clientURLs", []) if url != own]

    def check(self):
        """The others must be a quorum without it."""
        may_move(source(self.NAME, self.data, self.args.etcd, "member"), self.args.etcd, "member", "etcd")
        silent = [url for url in self.others() if not serves(url)]
        if silent:
            raise client.Failure("etcd at %s does not serve; see ./pgha status, and mend that first: a member is moved only while all others serve" % ", ".join(silent))

    def run(self):
        """Stops it, moves it, starts it."""
        data = source(self.NAME, self.data, self.args.etcd, "member")
        if {self.data, data} != {self.args.etcd} or plain(ETCD_CONFIG, "name") != self.args.name:
            client.run(["systemctl", "stop", self.UNIT])
            move(data, self.args.etcd, "member", "etcd")
            # Before the configuration: by that it is told whether this was done.
            edit(ETCD_UNIT, self.unit)
            open_to(self.UNIT, self.args)
            edit(ETCD_CONFIG, lambda text: line("name", self.args.name)(line("data-dir", self.args.etcd)(text)))
        client.run(["systemctl", "daemon-reload"])
        client.run(["systemctl", "start", self.UNIT])
        url = plain(ETCD_CONFIG, "advertise-client-urls")
        client.wait_until(START_LIMIT, "etcd at %s to serve again" % url, lambda: (serves(url), "it does not; see journalctl -u etcd.service"))
        finish(self.NAME, self.args.etcd)
        remember("etcd.dataDirectory", self.args.etcd)

    def unit(self, text):
        """The unit with the new directory, as the next application writes it in its own words."""
        changed = text
        for place in [self.data] + (begun() or {}).get(self.NAME, []):
            changed = re.sub(r"(?<![\w./-])%s(?![\w./-])" % re.escape(place), lambda _: self.args.etcd, changed)
        return changed


def open_to(unit, args):
    """Opens to a service the directory that it gets, where all around that is closed to it; as the next application writes it in its own words."""
    drop_in = "/etc/systemd/system/%s.d/hardening.conf" % unit
    for name, directory in (word.split("=", 1) for word in args.open):
        if name == unit and os.path.exists(drop_in):
            more = "ReadWritePaths=-%s\n" % directory
            edit(drop_in, lambda text: text if more in text else text.replace("ProtectHome=yes", "ProtectHome=read-only") + more)
    client.run(["systemctl", "daemon-reload"])


def ask_etcd(url):
    """JSON from etcd; None where it does not answer."""
    try:
        with etcd_client().ask(url, 3) as answer:
            return json.loads(answer.read().decode())
    except (OSError, ValueError):
        return None


def etcd_client():
    """The tool that speaks to etcd."""
    if not os.path.exists(TOOLS + "etcd-client"):
        raise client.Failure("the tools on this host are of an older version: apply the stack with its former values first")
    source_of = SourceFileLoader("etcd_client", TOOLS + "etcd-client")
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("etcd_client", source_of))
    source_of.exec_module(module)
    return module


def serves(url):
    """Whether etcd there serves."""
    return (ask_etcd(url + "/health") or {}).get("health") in ("true", True)


def body():
    """Checks all, then does one after the other."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--self", dest="own", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--lag", type=int, required=True)
    parser.add_argument("--postgres", required=True)
    parser.add_argument("--etcd", required=True)
    parser.add_argument("--open", action="append", default=[])
    parser.add_argument("--unless-leader", action="store_true")
    parser.add_argument("members", nargs="+")
    args = parser.parse_args()
    if os.geteuid() != 0:
        raise client.Failure("host-migrate needs root")
    held = client.lock("host-migrate")
    # A hardened host gives root 027 or 077: the services could not reach the folders above their data.
    os.umask(0o022)
    if not os.path.exists(IDENTITY):
        raise client.Failure("%s is missing on this host: apply the stack with its former values first" % IDENTITY)
    patroni, etcd = Patroni(args), Etcd(args)
    if not patroni.wanted() and not etcd.wanted():
        client.say("unchanged", "%s is as the stack file says" % args.name)
        return 0
    leads = patroni.check()
    if args.etcd != "none":
        etcd.check()
    if leads and args.unless_leader:
        client.say("unchanged", "%s leads: its turn comes last" % args.own)
        return LEADS
    begin({patroni.NAME: [patroni.data, args.postgres], etcd.NAME: [etcd.data, args.etcd]})
    # Also the one that has nothing to move: a run that was cut off may have left it stopped.
    if args.etcd != "none":
        etcd.run()
    patroni.run()
    remember("host", args.name)
    end()
    client.say("changed", "%s: member %s, data in %s%s" % (
        os.uname().nodename, args.name, args.postgres, "" if args.etcd == "none" else " and " + args.etcd))
    held.close()
    return 0


client.main(body)
