#!/usr/bin/python3
"""Shared by the tools around Patroni: its REST API, the cluster as its members see it, waiting with a bound. Loaded, never run."""
import argparse
import base64
import collections
import fcntl
import http.client
import importlib.util
import json
import os
import random
import re
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("environment", "/usr/local/lib/postgres-ha/with-environment")
environment = importlib.util.module_from_spec(importlib.util.spec_from_loader("environment", loader))
loader.exec_module(environment)

SECRETS = "/etc/patroni/secrets.env"
# Set beside `pause` by our own tools: tells a pause that an interrupted run left behind from one that a DBA wants.
PAUSED_BY = "paused_by"
OURS = "postgres-ha"
LEADERS = ("leader", "standby_leader")
# The role by which GET /patroni calls a member whose PostgreSQL takes writes.
PRIMARY = ("primary", "master")
# States out of which PostgreSQL does not come without another configuration.
BROKEN = ("initdb failed", "custom bootstrap failed", "start failed", "restart failed", "crashed")
SYNCHRONOUS = ("sync_standby", "quorum_standby")

CONFIG = "/etc/patroni/patroni.yml"
AUTHORITY = "/etc/postgres-ha/tls/ca.crt"
# There while the members' API changes from http to https, or back: see haproxy-checks.
BOTH = "/var/lib/postgres-ha/haproxy-checks"
# By place the address by which it answered last.
SPOKEN = {}

# So often the dynamic configuration is changed again that somebody else changed meanwhile.
CONFLICTS = 10

LEAD_LIMIT = 180
SWITCHOVER_LIMIT = 90

Member = collections.namedtuple("Member", "name url")


# In the order in which one goes before the other.
PATRONI = ("/opt/patroni/bin/patroni", "/usr/bin/patroni")


class Failure(Exception):
    """One clear sentence for whoever started the tool."""


def arguments(parser=None):
    """The arguments every tool has: the own member, the bound of the lag, and NAME=URL of each member's API."""
    parser = parser or argparse.ArgumentParser()
    parser.add_argument("--self", dest="own", required=True)
    parser.add_argument("--lag", type=int, required=True)
    parser.add_argument("members", nargs="+")
    parsed = parser.parse_args()
    members = [Member(*word.split("=", 1)) for word in parsed.members]
    return parsed, Cluster(members, parsed.own)


def as_patroni():
    """Goes on with Patroni's own Python, which has the modules that Patroni needs; the tools' own, /usr/bin/python3, is another one where Patroni is installed
    with pip, and where a package brings it for a newer Python than the system's."""
    if os.environ.get("PGHA_PYTHON") == "patroni":
        return
    for program in PATRONI:
        try:
            with open(program, "rb") as script:
                first = script.readline().decode(errors="replace")
            if first.startswith("#!"):
                interpreter = first[2:].split()
                os.execve(interpreter[0], interpreter + sys.argv, dict(os.environ, PGHA_PYTHON="patroni"))
        except OSError:
            pass
    sys.exit("error: neither %s nor %s runs on %s" % (PATRONI + (socket.gethostname(),)))


def main(body):
    """Runs a tool; what went wrong becomes one sentence."""
    try:
        sys.exit(body())
    except Failure as failure:
        sys.stdout.flush()
        sys.stderr.write("error: %s\n" % failure)
        sys.exit(1)


def lock(name):
    """Keeps a second run of the same tool on this host waiting: a run whose connection was lost may still be at work. Held until the end."""
    held = open("/var/lib/postgres-ha/%s.lock" % name, "w")

    def probe():
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False, "it still runs"
        return True, held
    return wait_until(600, "an earlier run of %s on this host to end" % name, probe)


def say(result, what):
    """The one line by which every tool ends."""
    print("%s: %s" % (result, what), flush=True)


def progress(what):
    """One step, as it happens."""
    print(what, flush=True)


def wait_until(seconds, what, probe):
    """Polls probe() until it returns (True, value); its second value otherwise is the state to show when time is over."""
    end = time.monotonic() + seconds
    while True:
        done, state = probe()
        if done:
            return state
        if time.monotonic() >= end:
            raise Failure("waited %d s for %s; last state: %s" % (seconds, what, state))
        time.sleep(0.5)


def secrets():
    """The variables of the file with the passwords."""
    return {name: value.decode() for name, value in environment.read(SECRETS).items()}


def request(url, method="GET", body=None, timeout=5):
    """(status, text) of one request; status 0 when nobody answers. Everything but GET is authenticated."""
    if method == "GET":
        return asked(url, method, body, timeout, None)
    status, text = asked(url, method, body, timeout, secrets())
    # Until it is restarted with another password, a member goes by the one that it was started with.
    former = running_secrets() if status == 401 else None
    return (status, text) if former is None else asked(url, method, body, timeout, former)


def running_secrets():
    """The variables that this host's Patroni was started with; None where none runs."""
    try:
        pid = subprocess.run(["systemctl", "show", "patroni.service", "-p", "MainPID"], stdout=subprocess.PIPE, check=False).stdout.decode().strip().split("=")[-1]
        with open("/proc/%s/environ" % pid, "rb") as variables:
            found = dict(line.decode().split("=", 1) for line in variables.read().split(b"\0") if line.startswith(b"PATRONI_"))
        return found if "PATRONI_RESTAPI_PASSWORD" in found else None
    except (OSError, ValueError):
        return None


def asked(url, method, body, timeout, values):
    """One request, as the user of these variables; by the other scheme where the member answers by that at present."""
    way = spoken(url)
    status, text, understood = once(way, method, body, timeout, values)
    if not understood and may_be(twin(way)):
        way = twin(way)
        status, text, understood = once(way, method, body, timeout, values)
    if understood and status:
        SPOKEN[urllib.parse.urlsplit(url).netloc] = way.split(":", 1)[0]
    return status, text


def spoken(url):
    """An address by the scheme that was answered there last."""
    scheme, rest = url.split(":", 1)
    return SPOKEN.get(urllib.parse.urlsplit(url).netloc, scheme) + ":" + rest


def twin(url):
    """The same address by the other scheme."""
    scheme, rest = url.split(":", 1)
    return ("http:" if scheme == "https" else "https:") + rest


def may_be(url):
    """Whether a member may be asked there although the stack names the twin: with TLS always, without only as long as the own member has none, or amid a
    change. The password goes with it."""
    return url.startswith("https:") or os.path.exists(BOTH) or (os.path.exists(CONFIG) and entry("certfile") is None)


def once(url, method, body, timeout, values):
    """(status, text, whether the other side spoke the same language, as far as is known) of one request."""
    call = urllib.request.Request(url, method=method, data=None if body is None else json.dumps(body).encode())
    call.add_header("Content-Type", "application/json")
    if values is not None:
        user = "%s:%s" % (values["PATRONI_RESTAPI_USERNAME"], values["PATRONI_RESTAPI_PASSWORD"])
        call.add_header("Authorization", "Basic " + base64.b64encode(user.encode()).decode())
    # A proxy in the environment is none for the cluster's own addresses.
    handlers = [urllib.request.ProxyHandler({})]
    try:
        if url.startswith("https:"):
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=AUTHORITY)))
        with urllib.request.build_opener(*handlers).open(call, timeout=timeout) as answer:
            return answer.status, answer.read().decode(), True
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace"), True
    except (OSError, ValueError, http.client.HTTPException) as error:
        why = getattr(error, "reason", error)
        return 0, str(why), not isinstance(why, (ssl.SSLError, ConnectionResetError, BrokenPipeError, http.client.HTTPException)) \
            or "CERTIFICATE_VERIFY_FAILED" in str(why)


def document(text):
    """A JSON object, or an empty one."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def listens(url, port):
    """Whether something takes connections on another port of the host of an address."""
    host = urllib.parse.urlsplit(url).hostname
    try:
        with socket.create_connection((host, int(port)), timeout=2):
            return True
    except OSError:
        return False


def entry(name):
    """A plain value of Patroni's file, at its top or one level below; None where it has none."""
    try:
        with open(CONFIG, encoding="utf-8") as lines:
            found = re.search(r"^ {0,2}%s: *(.*?) *$" % name, lines.read(), re.MULTILINE)
    except OSError:
        return None
    return found.group(1).strip("\"'") if found else None


class Cluster:
    """The members as the stack file names them, asked through their REST APIs."""

    def __init__(self, members, own):
        self.members = members
        self.own = own

    def url(self, name):
        """Base address of a member's API."""
        for member in self.members:
            if member.name == name:
                return member.url
        raise Failure("%s is not a member of this cluster; members are %s" % (name, ", ".join(m.name for m in self.members)))

    def status(self, name, timeout=5):
        """GET /patroni of one member; {'error': …} when it does not answer."""
        status, text = request(self.url(name) + "/patroni", timeout=timeout)
        return document(text) or {"error": text if status == 0 else "HTTP status %d" % status}

    def view(self):
        """GET /cluster from the own member or, if that is silent, from any other: the members by name, in the file's order."""
        errors = []
        for member in sorted(self.members, key=lambda m: m.name != self.own):
            status, text = request(member.url + "/cluster")
            seen = document(text)
            if status == 200 and "members" in seen:
                return View(seen)
            errors.append("%s: %s" % (member.name, text if status == 0 else "HTTP status %d" % status))
        raise Failure("no member's REST API answers: %s" % "; ".join(errors))

    def send(self, name, method, path, body, timeout=30):
        """An authenticated request to one member; anything but success is a failure. A change of the dynamic configuration that met another one of the same
        moment, by another host or by a person, is made again on top of it."""
        for attempt in range(CONFLICTS):
            status, text = request(self.url(name) + path, method, body, timeout)
            if status != 409 or method != "PATCH":
                break
            time.sleep(0.1 + 0.2 * random.random() * attempt)
        if status not in (200, 202):
            code = "no answer" if status == 0 else "HTTP %d" % status
            # A page for a browser says no more than its number does.
            said = "" if text.lstrip().startswith("<") else text.strip()
            raise Failure("%s %s on %s: %s" % (method, path, name, "%s (%s)" % (said, code) if said else code))
        return text

    def config(self, name):
        """The dynamic configuration in etcd."""
        status, text = request(self.url(name) + "/config")
        if status != 200:
            raise Failure("%s does not show the dynamic configuration: %s" % (name, text.strip()))
        return document(text)

    def paused_by_us(self, name):
        """Whether the cluster is in a maintenance mode that our own tools have begun."""
        now = self.config(name)
        return bool(now.get("pause")) and now.get(PAUSED_BY) == OURS

    def pause(self, name, names=None):
        """Maintenance mode on, marked as ours, until each of the members, by default all, that answers has seen it."""
        self.send(name, "PATCH", "/config", {"pause": True, PAUSED_BY: OURS})
        self._paused(True, names)
        # The members note it at the beginning of a round and act on it within that round.
        time.sleep(1)

    def resume(self, name):
        """Maintenance mode off again."""
        self.send(name, "PATCH", "/config", {"pause": None, PAUSED_BY: None})
        self._paused(False)

    def hand_over(self, lag, askers):
        """Where a host leads that the stack takes away: waits until one of these members does, and asks for it where one of the askers is to take over."""
        names = [member.name for member in self.members]
        try:
            if self.view().leader in names + [None]:
                return
        except Failure:
            return

        def probe():
            try:
                view = self.view()
                if view.leader is None:
                    return False, "there is no leader"
                bad = ["%s %s" % (name, view.problem(name, lag)) for name in view.members if name in names and view.problem(name, lag)]
                if view.leader in names or bad:
                    return not bad, "; ".join(bad)
                new = view.candidate(lag, names)
                if new in askers:
                    progress("switchover from %s, which the stack takes away, to %s" % (view.leader, new))
                    self.send(new, "POST", "/switchover", {"leader": view.leader, "candidate": new}, SWITCHOVER_LIMIT)
                return False, "%s leads, %s" % (view.leader, "and %s is to take over" % new if new else "and nobody may take over: " + view.text())
            except Failure as failure:
                return False, str(failure)
        wait_until(LEAD_LIMIT, "the lead to be with a host that stays", probe)

    def _paused(self, wanted, names=None):
        def probe():
            seen = {member.name: self.status(member.name) for member in self.members if names is None or member.name in names}
            late = [n for n, s in seen.items() if "error" not in s and bool(s.get("pause")) != wanted]
            return not late, "not yet noticed by " + ", ".join(late)
        wait_until(30, "maintenance mode to be %s" % ("on" if wanted else "off"), probe)


class View:
    """GET /cluster of one moment."""

    def __init__(self, seen):
        self.members = {m["name"]: m for m in seen["members"]}
        self.paused = bool(seen.get("pause"))

    @property
    def leader(self):
        """Name of the leader, or None."""
        for name, member in self.members.items():
            if member["role"] in LEADERS:
                return name
        return None

    def lag(self, name):
        """Lag in bytes, or None when it is not known."""
        lag = self.members.get(name, {}).get("lag")
        return lag if isinstance(lag, int) else None

    def problem(self, name, bound):
        """What keeps a member from being healthy; None when nothing does."""
        member = self.members.get(name)
        if member is None:
            return "is not in the cluster"
        if member["role"] in LEADERS:
            return None if member["state"] == "running" else "is leader, state %s" % member["state"]
        if member["state"] != "streaming":
            return "is %s" % member["state"]
        lag = self.lag(name)
        if lag is None or lag > bound:
            return "lags by %s bytes" % member.get("lag")
        leader = self.members.get(self.leader or "", {})
        if "timeline" in leader and member.get("timeline") != leader["timeline"]:
            return "is on timeline %s, the leader on %s" % (member.get("timeline"), leader["timeline"])
        return None

    def text(self):
        """The members in one line."""
        return "; ".join("%s %s %s timeline %s%s%s" % (
            name, m["role"], m["state"], m.get("timeline", "-"),
            " lag %s" % m["lag"] if "lag" in m else "", " pending restart" if m.get("pending_restart") else "")
            for name, m in sorted(self.members.items())) or "no member"

    def candidate(self, bound, among=None):
        """The replica, of those named or of all, that may take over with the least lag, synchronous ones first; None when there is none."""
        synchronous = any(m["role"] in SYNCHRONOUS for m in self.members.values())
        fit = [n for n, m in self.members.items()
               if m["role"] not in LEADERS and self.problem(n, bound) is None and not m.get("tags", {}).get("nofailover")
               and (m["role"] in SYNCHRONOUS or not synchronous) and (among is None or n in among)]
        return min(fit, key=lambda n: (self.lag(n), n)) if fit else None


def run(command, **options):
    """Output of a command; its failure becomes one of ours."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False, **options)
    if done.returncode != 0:
        raise Failure("%s failed: %s" % (" ".join(command), done.stdout.strip()))
    return done.stdout


# Two blanks are PostgreSQL's, one is Patroni's. What is wrong with its file it says as LOG, before the FATAL that ends it.
COMPLAINT = re.compile(r"(?:(FATAL|PANIC|ERROR|HINT|DETAIL):  |LOG:  (?=invalid value|unrecognized configuration|syntax error))(.*)")
HEARTBEAT = re.compile(r"no action\. +I am|Lock owner: |INFO: no action")


def lines_of(unit, *options):
    """The lines of a unit's journal."""
    done = subprocess.run(
        ["journalctl", "-u", unit, "--no-pager"] + list(options), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout.decode(errors="replace").splitlines()


def complaints(since):
    """What PostgreSQL on this host has complained of since a moment (Unix time), each text once, the last ones."""
    found = [COMPLAINT.search(line) for line in lines_of("patroni.service", "-o", "cat", "--since", "@%d" % since)]
    # One that was told to end did not fail.
    texts = [": ".join(filter(None, match.groups())) for match in found if match and "due to administrator command" not in match.group(2)]
    return list(collections.OrderedDict.fromkeys(reversed(texts)))[:8][::-1]


def last_words(seconds=600):
    """The last FATAL or PANIC of PostgreSQL on this host within so many seconds, as a phrase to append; empty when there is none."""
    fatal = [text for text in complaints(time.time() - seconds) if text.startswith(("FATAL", "PANIC"))]
    return "; its last words: " + fatal[-1] if fatal else ""


def journal(unit):
    """The end of a unit's journal, for the message of a failure. Of Patroni first what its PostgreSQL complained of, and without the lines by which each
    round says that there is nothing to do."""
    lines = ["--- journal of %s on %s ---" % (unit, socket.gethostname())]
    if unit == "patroni.service":
        said = [line for line in lines_of(unit, "-o", "short-iso", "--since", "-5min") if COMPLAINT.search(line)]
        lines += said[-10:] + ["--- and its end ---"]
    lines += [line for line in lines_of(unit, "-o", "short-iso", "-n", "200") if not HEARTBEAT.search(line)][-20:]
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
