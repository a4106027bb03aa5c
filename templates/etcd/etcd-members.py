#!/usr/bin/python3
"""etcd-members join NAME DATA-DIRECTORY TOKEN LEARNERS-FROM MEMBER…: before this host's member is started: what its first start needs to know.
etcd-members forget MEMBER…: has etcd forget the members that the stack does not have.
etcd-members begin|move|end NAME DATA-DIRECTORY MEMBER…: this host's member on its way from http to https, or back; no difference to one that is there.

A MEMBER is NAME,CLIENT-URL,PEER-URL, of all that the stack has. On stdin: a line `root=PASSWORD`; other lines only make the engine run this again.

join makes no difference to a member that has its data and is known to the others. One without data founds the cluster together with the others; or, where
that runs already, takes the place of the dead member of its name: that one is removed, a new one added, as a learner from version LEARNERS-FROM on,
else as a voter, started, and made a voter once it is in step. Cut off anywhere and run again, it goes on.

Clients and peers change from http to https one after the other, so a member answers by both meanwhile: begin has its clients answered by both, on every
host before any member moves; move has its peers answered by the new one, and tells them; end, once all clients have changed, leaves the new one only. How
far it is stands on the host (see etcd_settled in etcd-lib) and counts until end, whatever the stack's file says: the old file, put back, leads back.
"""
import fcntl
import glob
import importlib.util
import json
import os
import subprocess
import sys
import time
import urllib.error
from importlib.machinery import SourceFileLoader

TOOLS = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True


def load(name):
    """Another tool as a module."""
    loader = SourceFileLoader(name.replace("-", "_"), TOOLS + "/" + name)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


files = load("with-environment")
client = load("etcd-client")

UNIT = "etcd.service"
# Read at the start beside the configuration, and only while there are no data: see etcd.service.
INITIAL = "/etc/etcd/initial.yml"
# etcd changes its members only after all of them have been connected for 5 s, and a new one's log may be long.
CHANGE_LIMIT = 60
STEP_LIMIT = 300
# An earlier run may be at each of those.
LOCK_LIMIT = 600
SCHEME = "/var/lib/postgres-ha/etcd-scheme"
# What the member runs with.
COMPOSED = "/run/etcd/etcd.conf.yml"


class Failure(Exception):
    """One clear sentence for whoever started the tool."""


class Member:
    """A member as the stack has it."""

    def __init__(self, word):
        self.name, self.client, self.peer = word.split(",")


def progress(what):
    """One step, as it happens."""
    print(what, flush=True)


def written():
    """The passwords that root may have had, as far as this host knows: of the file for etcdctl, and of etcd-auth."""
    found = []
    try:
        found.append(files.read("/etc/etcd/root.env")["ETCDCTL_USER"].decode().split(":", 1)[1])
    except (OSError, KeyError, IndexError):
        pass
    try:
        with open("/var/lib/postgres-ha/etcd-root.known", encoding="utf-8") as lines:
            found += [line.rstrip("\n") for line in lines if line.strip()]
    except OSError:
        pass
    return found


def get(url):
    """JSON from a member; None when it does not answer."""
    try:
        with client.ask(url, 3) as answer:
            return json.loads(answer.read().decode())
    except (OSError, ValueError):
        return None


def spoken(peer):
    """A peers' address by the scheme that is answered there at present. No password goes to that door."""
    return peer if get(peer + "/version") is not None or get(client.twin(peer) + "/version") is None else client.twin(peer)


def place(url):
    """An address without its scheme, which may be changing."""
    return url.split("://", 1)[-1]


def scheme(url):
    """An address's scheme."""
    return url.split(":", 1)[0]


def cluster_id(peer):
    """The cluster that the member at a peer address belongs to; None when it does not answer."""
    try:
        with client.ask(spoken(peer) + "/members", 3) as answer:
            return answer.headers.get("X-Etcd-Cluster-ID")
    except OSError:
        return None


def serves(url):
    """Whether the member there serves, which includes that it sees a leader and a quorum."""
    # etcd-verify is what ends the alarm of a full database.
    health = get(url + "/health?exclude=NOSPACE")
    return health is not None and health.get("health") in ("true", True)


class Etcd:
    """The running cluster, asked through a member that serves."""

    def __init__(self, member, password):
        self.member = member
        self.password = password

    def members(self):
        """The members, each with name (empty before its first start), peer and client addresses. The peers' door asks for no password."""
        seen = get(spoken(self.member.peer) + "/members")
        if seen is None:
            raise Failure("etcd at %s does not say who its members are" % self.member.peer)
        return seen

    def _post(self, word, body):
        return client.post(self.member.client + "/v3/cluster/member/" + word, body, self._token())

    def _token(self):
        """Root's, for a change of the members; none while etcd asks for no password. One that is to get another password by this application has the old one
        until then, which is in its file where the host had it."""
        why = ""
        for candidate in [self.password] + written():
            try:
                return client.post(self.member.client + "/v3/auth/authenticate", {"name": "root", "password": candidate})["token"]
            except urllib.error.HTTPError as error:
                why = client.said(error)
                # A cluster whose first application was cut off before etcd-auth.
                if "authentication is not enabled" in why:
                    return None
        raise Failure("etcd at %s refuses the password of its user root: %s" % (self.member.client, why))

    def promote(self, member):
        """Makes a learner a voter; etcd refuses while it is not in step."""
        self._post("promote", {"ID": str(member)})

    def change(self, what, word, body):
        """A change of the members. While etcd fears for its quorum it refuses: it is asked again for a while."""
        end = time.monotonic() + CHANGE_LIMIT
        while True:
            try:
                return self._post(word, body)
            except (OSError, ValueError) as error:
                why = client.said(error)
                if time.monotonic() >= end:
                    raise Failure("etcd: %s was refused for %d s, last: %s; it changes its members only while more than half of them serve, and all of "
                                  "the others are connected: see ./pgha status, and bring those back first" % (what, CHANGE_LIMIT, why)) from error
            time.sleep(1)


def running(members, password):
    """The cluster by the first of the members that serves; None when none does."""
    for member in members:
        if serves(member.client):
            return Etcd(member, password)
    return None


def numbers(version):
    """A version as numbers that can be compared."""
    return [int(part) for part in version.split("-")[0].split(".")]


def call(*command):
    """A command that must succeed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False)
    if done.returncode != 0:
        raise Failure("%s failed: %s" % (" ".join(command), done.stdout.strip()))
    return done.stdout


def write_initial(pairs, token, state):
    """What the first start needs to know."""
    lines = ["# Read only while the data directory is empty. Written by etcd-members.\n"]
    lines.append("initial-cluster: %s\n" % json.dumps(",".join("%s=%s" % pair for pair in pairs)))
    lines.append("initial-cluster-token: %s\n" % json.dumps(token))
    lines.append("initial-cluster-state: %s\n" % state)
    temporary = INITIAL + ".new"
    with open(temporary, "w", encoding="utf-8") as file:
        file.writelines(lines)
    os.chmod(temporary, 0o644)
    os.rename(temporary, INITIAL)


def strangers(cluster, members):
    """The members that the stack does not have."""
    names = {member.name for member in members}
    places = {place(member.peer) for member in members}
    return [seen for seen in cluster.members() if seen.get("name") not in names and not {place(url) for url in seen.get("peerURLs", [])} & places]


def entry_of(own, cluster):
    """A member as the others know it; None when they do not."""
    return next((seen for seen in cluster.members()
                 if seen.get("name") == own.name or place(own.peer) in [place(url) for url in seen.get("peerURLs", [])]), None)


def remove(cluster, seen, why):
    """Has etcd forget a member. Returns its name."""
    name = seen.get("name") or seen["peerURLs"][0]
    progress("etcd: removing the member %s, %s" % (name, why))
    cluster.change("removing the member %s" % name, "remove", {"ID": str(seen["id"])})
    return name


class Join:
    """One host's member on its way into the cluster."""

    def __init__(self, own, members, data, token, learners_from):
        self.own = own
        self.members = members
        self.data = data
        self.token = token
        self.learners_from = learners_from
        self.others = [member for member in members if member.name != own.name]

    def has_data(self):
        """Whether the member was started before."""
        return bool(glob.glob(self.data + "/member/wal/*.wal"))

    def found(self):
        """The first start of all."""
        settle(scheme(self.own.peer))
        write_initial([(member.name, member.peer) for member in self.members], self.token, "new")
        return "unchanged", "etcd: no member serves yet; %s waits for the others" % self.own.name

    def run(self, cluster):
        """What was done."""
        # They count for the quorum, and a member is neither added nor restarted safely beside them.
        for seen in strangers(cluster, self.members) if cluster else []:
            if not any(serves(url) for url in seen.get("clientURLs", [])):
                remove(cluster, seen, "which does not serve, and which the stack does not have")
        if self.has_data():
            entry = entry_of(self.own, cluster) if cluster else None
            if cluster and (entry is None or self.is_of_another()):
                # Its data are of a member that is no more, or of another cluster.
                self.set_aside()
            elif entry is not None and entry.get("isLearner"):
                return self.finish(cluster, entry)
            else:
                if cluster and os.path.exists(INITIAL):
                    os.remove(INITIAL)
                return "unchanged", "etcd: %s has its data%s" % (self.own.name, "" if cluster else "; no other member serves")
        if cluster is None:
            return self.found()

        entry = entry_of(self.own, cluster)
        if entry is not None and entry.get("name") and not entry.get("clientURLs"):
            # One of the founders, which has not been started yet.
            self.settle_as(entry)
            write_initial([(seen["name"], seen["peerURLs"][0]) for seen in cluster.members()], self.token, "new")
            return "unchanged", "etcd: %s was not started yet" % self.own.name
        return self.finish(cluster, self.add(cluster))

    def settle_as(self, entry):
        """Before the first start: it must be answered by what the others know it by."""
        known = scheme(entry["peerURLs"][0])
        settle(known if known == scheme(self.own.peer) else "both " + known)

    def is_of_another(self):
        """Whether the member that runs here belongs to another cluster than the others: it was started without its data."""
        own, others = cluster_id(self.own.peer), {cluster_id(member.peer) for member in self.others} - {None}
        return own is not None and bool(others) and own not in others

    def set_aside(self):
        """Keeps the data of a member that was removed, out of the way."""
        call("systemctl", "stop", UNIT)
        kept = "%s/member.removed-%s" % (self.data, time.strftime("%Y%m%d%H%M%S"))
        os.rename(self.data + "/member", kept)
        progress("etcd does not know this member with these data; they are kept in %s" % kept)

    def add(self, cluster):
        """Has the others know a member here. Returns it."""
        entry = entry_of(self.own, cluster)
        if entry is not None and not entry.get("name"):
            # Added by a run that was cut off, and never started.
            return entry
        if entry is not None:
            remove(cluster, entry, "whose data are lost")
        body = {"peerURLs": [self.own.peer], "isLearner": self.is_learner()}
        progress("etcd: adding %s as a %s" % (self.own.name, "learner" if body["isLearner"] else "voter, since learners are not safe in this version"))
        cluster.change("adding %s" % self.own.name, "add", body)
        return entry_of(self.own, cluster)

    def is_learner(self):
        """Whether all members are of a version in which learners are safe."""
        versions = [get(member.client + "/version") for member in self.others]
        seen = [answer["etcdserver"] for answer in versions if answer]
        return all(numbers(version) >= numbers(self.learners_from) for version in seen)

    def finish(self, cluster, entry):
        """Starts the member and waits until it is a voter in step."""
        if not self.has_data():
            call("systemctl", "stop", UNIT)
            self.settle_as(entry)
            names = {place(member.peer): member.name for member in self.members}
            write_initial([
                (seen.get("name") or names.get(place(seen["peerURLs"][0]), "unknown"), seen["peerURLs"][0]) for seen in cluster.members()], self.token, "existing")
        call("systemctl", "daemon-reload")
        call("systemctl", "reset-failed", UNIT)
        call("systemctl", "start", "--no-block", UNIT)
        end = time.monotonic() + STEP_LIMIT
        promoted = not entry.get("isLearner")
        last = "it does not serve"
        while not (promoted and serves(self.own.client)):
            if time.monotonic() >= end:
                sys.stderr.write(journal())
                raise Failure("waited %d s for etcd's new member %s to be in step; last state: %s" % (STEP_LIMIT, self.own.name, last))
            if not promoted:
                try:
                    cluster.promote(entry["id"])
                    promoted = True
                except (OSError, ValueError) as error:
                    last = client.said(error)
            time.sleep(0.5)
        os.remove(INITIAL)
        return "changed", "etcd: %s has joined the %d other members" % (self.own.name, len(self.others))


def settled(data):
    """By what the doors on this host answer, as etcd_settled has it; empty where etcd was never started."""
    try:
        with open(SCHEME, encoding="utf-8") as file:
            return file.read().strip()
    except FileNotFoundError:
        return "http" if os.path.isdir(data + "/member") else ""


def settle(words):
    """Sets it."""
    with open(SCHEME + ".new", "w", encoding="utf-8") as file:
        file.write(words + "\n")
        os.fchmod(file.fileno(), 0o644)
        file.flush()
        os.fsync(file.fileno())
    os.rename(SCHEME + ".new", SCHEME)


class Change:
    """One host's member on its way from one scheme to the other."""

    def __init__(self, own, members, data, root):
        self.own = own
        self.data = data
        self.root = root
        # The others first: what is asked of the cluster shall not hang on the one that is restarted.
        self.members = [member for member in members if member.name != own.name] + [own]
        self.wanted = scheme(own.client)
        self.before = settled(data)

    def run(self, task):
        """What was done."""
        if self.before in ("", self.wanted) and task != "end":
            return "unchanged", "etcd: %s answers by %s" % (self.own.name, self.wanted)
        return getattr(self, task)()

    def begin(self):
        """Clients are answered by both."""
        if not self.before.startswith("both "):
            settle("both " + self.before)
        try:
            result, said = self.apply("answers clients by http and https, until all of them have changed to " + self.wanted)
            # Another text each time: what follows is done again when this was.
            return result, "%s (%d)" % (said, time.time() * 1000)
        except Failure as failure:
            raise Failure("%s; what else is to be applied meanwhile can be with etcd.tls: %s in the stack file" % (
                failure, "false" if self.wanted == "https" else "true")) from failure

    def move(self):
        """Peers are answered by the new one."""
        cluster = running(self.members, self.root)
        if cluster is None:
            raise Failure("no member of etcd serves")
        entry = entry_of(self.own, cluster)
        if entry is None:
            raise Failure("etcd knows no member %s; apply once more" % self.own.name)
        if entry["peerURLs"] != [self.own.peer]:
            cluster.change("telling the others of %s" % self.own.peer, "update", {"ID": str(entry["id"]), "peerURLs": [self.own.peer]})
        settle("both " + self.wanted)
        return self.apply("answers its peers by " + self.wanted)

    def end(self):
        """The old one ends."""
        settle(self.wanted)
        try:
            return self.apply("answers by %s only" % self.wanted)
        except Failure:
            # What still comes by the old one would find a closed door.
            if self.before != self.wanted:
                settle(self.before)
                subprocess.run(self.restarter(), check=False)
            raise

    def restarter(self):
        """The command that restarts it with care."""
        return [TOOLS + "/etcd-restart", self.own.client, self.own.peer]

    def apply(self, what):
        """Has the member run with what a start would put together now."""
        composed = call(TOOLS + "/etcd-prepare", "--print", self.data)
        try:
            with open(COMPOSED, encoding="utf-8") as file:
                # Behind it stands what only the very first start reads.
                if file.read().startswith(composed):
                    return "unchanged", "etcd: %s %s" % (self.own.name, what)
        except FileNotFoundError:
            # It does not run.
            pass
        call("systemctl", "daemon-reload")
        progress(call(*self.restarter()).strip())
        end = time.monotonic() + CHANGE_LIMIT
        last = ""
        while True:
            done = subprocess.run(
                [TOOLS + "/etcd-health", self.own.client, self.own.peer] + [spoken(member.peer) for member in self.members if member is not self.own],
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False)
            if done.returncode == 0:
                return "changed", "etcd: %s %s" % (self.own.name, what)
            last = done.stdout.strip()
            if time.monotonic() >= end:
                sys.stderr.write(journal())
                raise Failure("waited %d s for etcd on this host to serve again; last state: %s" % (CHANGE_LIMIT, last))
            time.sleep(0.5)


def journal():
    """The end of etcd's journal."""
    return subprocess.run(
        ["journalctl", "-u", UNIT, "-n", "30", "--no-pager", "-o", "short-iso"],
        stdout=subprocess.PIPE, universal_newlines=True, check=False).stdout


def password():
    """Root's password from stdin."""
    for line in sys.stdin.buffer.read().decode().split("\n"):
        if line.startswith("root="):
            return line[len("root="):]
    raise Failure("etcd-members: the password is missing on stdin")


def lock(path):
    """Keeps a second run on this host waiting: one whose connection was lost may still be at work. Held until the end."""
    held = open(path, "w", encoding="utf-8")
    end = time.monotonic() + LOCK_LIMIT
    while True:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return held
        except OSError as error:
            if time.monotonic() >= end:
                raise Failure("waited %d s for an earlier run of etcd-members on this host to end; it still runs" % LOCK_LIMIT) from error
        time.sleep(0.5)


def main():
    """Exit code 0 when all is done."""
    root = password()
    held = lock("/var/lib/postgres-ha/etcd-members.lock")
    if sys.argv[1] == "join":
        name, data, token, learners_from = sys.argv[2:6]
        members = [Member(word) for word in sys.argv[6:]]
        join = Join(next(member for member in members if member.name == name), members, data, token, learners_from)
        result, what = join.run(running(join.others, root))
    elif sys.argv[1] in ("begin", "move", "end"):
        members = [Member(word) for word in sys.argv[4:]]
        change = Change(next(member for member in members if member.name == sys.argv[2]), members, sys.argv[3], root)
        result, what = change.run(sys.argv[1])
    else:
        members = [Member(word) for word in sys.argv[2:]]
        cluster = running(members, root)
        if cluster is None:
            raise Failure("no member of etcd serves")
        gone = [remove(cluster, seen, "which the stack does not have") for seen in strangers(cluster, members)]
        result, what = ("changed", "etcd: removed " + ", ".join(gone)) if gone else ("unchanged", "etcd: %d members, none too many" % len(members))
    print("%s: %s" % (result, what), flush=True)
    held.close()


try:
    main()
except Failure as failure:
    sys.exit("error: %s" % failure)
except (OSError, ValueError, KeyError) as failure:
    sys.exit("error: etcd: %s" % client.said(failure))
