#!/usr/bin/python3
"""postgres-try --bin DIR: has the installed PostgreSQL start with the parameters that stdin says, a JSON object, before any server of the cluster sees them.

In a small instance of its own, made for this and gone afterwards: names, values, time zones, locales and libraries are judged by the program that will
read them, on the host where they must be there. It cannot tell what only the real size or the real data shows.
"""
import argparse
import ctypes
import fcntl
import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

CACHE = "/var/cache/postgres-ha"
PREFIX = "try-"
USER = "postgres"
INITDB_LIMIT = 120
START_LIMIT = 60
DEATH_SIGNAL = 1

# Paths of the real data directory, and what would do something outside of the trial: left out.
LEFT_OUT = (
    "data_directory", "config_file", "hba_file", "ident_file", "external_pid_file", "listen_addresses", "port", "unix_socket_directories",
    "archive_command", "archive_library", "archive_cleanup_command", "restore_command", "recovery_end_command", "primary_conninfo", "primary_slot_name",
    "promote_trigger_file", "synchronous_standby_names", "cluster_name",
)
# Above the file: small, seen by nobody, and what it says comes here. It is gone at once, so nothing needs to be safe on the disk.
OVERRIDES = {
    "listen_addresses": "",
    "shared_buffers": "16MB",
    "min_dynamic_shared_memory": "0",
    "archive_mode": "off",
    "fsync": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_min_messages": "warning",
    "log_error_verbosity": "default",
    "log_line_prefix": "",
    "restart_after_crash": "off",
}
FILES = """SELECT pg_catalog.json_build_object('name', name, 'setting', setting, 'error', error) FROM pg_catalog.pg_file_settings
WHERE sourcefile LIKE '%/asked.conf' ORDER BY seqno"""
# What it says of itself is no complaint.
SPEECH = re.compile(r"(?:FATAL|PANIC|ERROR|HINT|DETAIL|CONTEXT|WARNING): |LOG:  (?!.*(?:starting|listening|ready|shut))")
RUNNING = "SELECT pg_catalog.json_build_object('name', name, 'sourcefile', sourcefile) FROM pg_catalog.pg_settings"


def fail(text):
    """One clear message, then the end."""
    sys.exit("error: " + text)


def drop(user):
    """What a child does first: it is the user's, and ends with its parent, however that ends."""
    def before():
        os.initgroups(user.pw_name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
        os.setsid()
        os.umask(0o077)
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGQUIT)
    return before


class Trial:
    """The instance."""

    def __init__(self, programs, parameters):
        self.programs = programs
        self.user = pwd.getpwnam(USER)
        self.parameters = {name: text(value) for name, value in parameters.items() if name.lower() not in LEFT_OUT}
        self.folder = tempfile.mkdtemp(prefix=PREFIX, dir=CACHE)
        os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.data = self.folder + "/data"
        self.log = self.folder + "/log"
        self.server = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.server is not None and self.server.poll() is None:
            self.server.send_signal(signal.SIGQUIT)
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, *command, limit=30):
        """A program of PostgreSQL's as its user: exit code and all it said."""
        try:
            done = subprocess.run(
                [self.programs + "/" + command[0]] + list(command[1:]), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                cwd=self.folder, env=self.environment(), preexec_fn=drop(self.user), timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            fail("%s on %s was not done after %d s, in the trial of PostgreSQL's parameters" % (command[0], socket.gethostname(), limit))
        return done.returncode, done.stdout.decode(errors="replace")

    def environment(self):
        """Nothing of root's own."""
        return {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "HOME": self.folder}

    def create(self):
        """initdb, as Patroni does it for the cluster."""
        code, said = self.run(
            "initdb", "--no-sync", "--no-instructions", "-A", "peer", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8", "-D", self.data, limit=INITDB_LIMIT)
        if code != 0:
            fail("initdb on %s failed, in the trial of PostgreSQL's parameters:\n%s" % (socket.gethostname(), said.strip()))
        with open(self.data + "/asked.conf", "w", encoding="utf-8") as file:
            os.fchown(file.fileno(), self.user.pw_uid, self.user.pw_gid)
            for name, value in sorted(self.parameters.items()):
                file.write("%s = '%s'\n" % (name, value.replace("\\", "\\\\").replace("'", "''")))
        with open(self.data + "/postgresql.conf", "a", encoding="utf-8") as file:
            file.write("include 'asked.conf'\n")

    def overrides(self):
        """What is set above the file, as options."""
        values = dict(OVERRIDES)
        values["unix_socket_directories"] = self.folder
        asked = {name.lower(): value for name, value in self.parameters.items()}
        # As many huge pages as the real server needs are not asked of the trial.
        if asked.get("huge_pages", "").lower() not in ("", "off", "try"):
            values["huge_pages"] = "try"
        # Certificate and key of a relative path lie in the real data directory.
        if not all(asked.get(name, "").startswith("/") for name in ("ssl_cert_file", "ssl_key_file")):
            values["ssl"] = "off"
        return values

    def start(self):
        """Whether it starts; what it said lies in the log."""
        options = [word for name, value in sorted(self.overrides().items()) for word in ("-c", "%s=%s" % (name, value))]
        with open(self.log, "wb") as log:
            self.server = subprocess.Popen(
                [self.programs + "/postgres", "-D", self.data] + options, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=self.environment(), preexec_fn=drop(self.user))
        end = time.monotonic() + START_LIMIT
        while time.monotonic() < end:
            if self.server.poll() is not None:
                return False
            try:
                with open(self.data + "/postmaster.pid", encoding="utf-8") as lines:
                    if lines.read().splitlines()[7:8] == ["ready   "]:
                        return True
            except OSError:
                pass
            time.sleep(0.05)
        fail("PostgreSQL on %s was not ready after %d s, in the trial of its parameters; its last words:\n%s" % (
            socket.gethostname(), START_LIMIT, "\n".join(self.said()[-5:])))

    def said(self):
        """What the server said against its parameters."""
        with open(self.log, encoding="utf-8", errors="replace") as lines:
            said = [line.strip() for line in lines]
        return [line for line in said if SPEECH.match(line) and "contains errors" not in line]

    def ask(self, query):
        """Rows of JSON by lower-case name. A library that every session loads is tried by this too."""
        code, said = self.run("psql", "-XAtq", "-h", self.folder, "-U", USER, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", query)
        if code != 0:
            self.refuse(said.strip().splitlines())
        rows = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
        return {row["name"].lower(): row for row in rows}

    def wrong(self, lines):
        """The parameters that are spoken of: by their name, or by a part of their value."""
        speech = "\n".join(lines)
        named = set(re.findall(r'(?:parameter|parameter name:?) "([^"]+)"', speech))
        quoted = re.findall(r'"([^"]+)"', speech)
        found = [name for name in self.parameters if name.lower() in {one.lower() for one in named}]
        if not found:
            found = [name for name, value in self.parameters.items()
                     if any(part and part in [piece.strip(" \"'") for piece in value.split(",")] for part in quoted)]
        if not found:
            found = [name for name in self.parameters if re.search(r"\b%s\b" % re.escape(name), speech)]
        return found

    def refuse(self, lines):
        """Ends with what PostgreSQL refuses, and the line by which it does."""
        wrong = self.wrong(lines)
        text = ", ".join("%s = %s" % (name, self.parameters[name]) for name in wrong) or "the parameters"
        correct = " and ".join("postgres.parameters." + name for name in wrong) or "postgres.parameters"
        fail("PostgreSQL on %s refuses %s:\n%s\nNothing was changed; correct %s in the stack file, then apply again." % (
            socket.gethostname(), text, "\n".join("  " + line for line in lines[-8:]) or "  (it said nothing)", correct))

    def compare(self):
        """Whether each parameter is the one that was asked."""
        files, running = self.ask(FILES), self.ask(RUNNING)
        above = self.overrides()
        for name, value in sorted(self.parameters.items()):
            row = files.get(name.lower())
            # Of an extension that is not loaded pg_settings shows nothing.
            if name.lower() not in running and "." not in name:
                self.refuse(['unrecognized configuration parameter "%s"' % name])
            if row is None or row["setting"] != value or (row["error"] and name not in above):
                self.refuse(['parameter "%s": %s' % (name, (row or {}).get("error") or "it was not taken over")] + self.said())


def text(value):
    """A value as it stands in a file."""
    return ("on" if value else "off") if isinstance(value, bool) else str(value)


def remove_left():
    """What a run that was killed has left: its server ended with it, or is ended now."""
    for name in os.listdir(CACHE):
        folder = os.path.join(CACHE, name)
        if not name.startswith(PREFIX) or not os.path.isdir(folder):
            continue
        try:
            with open(folder + "/data/postmaster.pid", encoding="utf-8") as lines:
                pid = int(lines.readline())
            if os.readlink("/proc/%d/cwd" % pid) == folder + "/data":
                os.kill(pid, signal.SIGQUIT)
        except (OSError, ValueError):
            pass
        # What it was just writing may appear once more.
        for _ in range(100):
            shutil.rmtree(folder, ignore_errors=True)
            if not os.path.exists(folder):
                break
            time.sleep(0.1)


def end(*_):
    """A signal ends it as an error does: everything is removed."""
    sys.exit(1)


def main():
    """Starts it, compares, removes it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True)
    args = parser.parse_args()
    # The second line only makes the engine run this again, with other programs.
    parameters = json.loads(sys.stdin.readline())
    os.makedirs(CACHE, exist_ok=True)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    with open("/var/lib/postgres-ha/postgres-try.lock", "w", encoding="utf-8") as held:
        # One at a time; an earlier one is bounded itself.
        limit = time.monotonic() + INITDB_LIMIT + 2 * START_LIMIT
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > limit:
                    fail("an earlier trial of PostgreSQL's parameters on %s does not end" % socket.gethostname())
                time.sleep(0.2)
        remove_left()
        with Trial(args.bin, parameters) as trial:
            trial.create()
            if not trial.start():
                trial.refuse(trial.said())
            trial.compare()
            print("unchanged: PostgreSQL starts with the %d parameters" % len(trial.parameters))


main()
