#!/usr/bin/python3
"""host-report: prints what this host knows of itself and of the cluster as one JSON object, for `./pgha status`.

A part that cannot be had says why under "error"; the report itself never fails and takes a few seconds at most.
"""
import argparse
import concurrent.futures
import csv
import gzip
import http.client
import importlib.util
import io
import json
import os
import pwd
import re
import shutil
import socket
import ssl
import stat
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib.machinery import SourceFileLoader

# Seconds for each single question; more where a processor that is emulated in software has to answer them all at once.
PATIENCE = 12 if "QEMU TCG" in open("/proc/cpuinfo", encoding="utf-8").read() else 2.5
TOOLS = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
loader = SourceFileLoader("files", TOOLS + "/with-environment")
files = importlib.util.module_from_spec(importlib.util.spec_from_loader("files", loader))
loader.exec_module(files)
ENVIRONMENT = dict(os.environ, LC_ALL="C", PATH=files.PATH, no_proxy="*", NO_PROXY="*")


def run(command, environment=None):
    """Output of a command; its error text is raised when it fails."""
    done = subprocess.run(
        command, env=environment or ENVIRONMENT, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
    if done.returncode != 0:
        raise OSError(said(done.stderr.decode(errors="replace").strip()) or f"{command[0]} ended with {done.returncode}")
    return done.stdout.decode(errors="replace")


def said(text):
    """The last sentence of an error text: etcdctl writes lines of JSON for a log before it."""
    sentences = [line for line in text.splitlines() if not line.startswith("{")]
    return sentences[-1] if sentences else text


def fetch(url):
    """JSON from Patroni's API, which also comes with statuses that mean "not in this role"."""
    handlers = [urllib.request.ProxyHandler({})]
    if url.startswith("https:"):
        handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile="/etc/postgres-ha/tls/ca.crt")))
    opener = urllib.request.build_opener(*handlers)
    try:
        with opener.open(url, timeout=PATIENCE) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        return json.loads(error.read().decode())


def patroni(args):
    try:
        return member(args.patroni)
    except (OSError, http.client.HTTPException):
        if not amid_change():
            raise
        # It has not changed yet, or has already: it is the own one, whoever answers there is no other.
        scheme, rest = args.patroni.split(":", 1)
        return member(("http:" if scheme == "https" else "https:") + rest)


def member(url):
    return {name: fetch(f"{url}/{path}") for name, path in (("member", "patroni"), ("cluster", "cluster"), ("config", "config"))}


def amid_change():
    """Whether Patroni's members are on their way from http to https, or back: see haproxy-checks."""
    return os.path.exists("/var/lib/postgres-ha/haproxy-checks")


def etcd(args):
    environment = dict(ENVIRONMENT, ETCDCTL_API="3")
    if os.path.exists("/etc/etcd/root.env"):
        # The password goes through the environment; an argument would be seen by everybody.
        environment.update(files.read("/etc/etcd/root.env"))
    # etcdctl refuses an option that its environment sets as well.
    environment.pop("ETCDCTL_ENDPOINTS", None)
    command = ["etcdctl", f"--endpoints={args.etcd}", f"--dial-timeout={PATIENCE - 1.5:g}s", f"--command-timeout={PATIENCE - 0.5:g}s", "-w", "json"]
    status = json.loads(run(command + ["endpoint", "status"], environment))[0]["Status"]
    try:
        healthy = bool(json.loads(run(command + ["endpoint", "health"], environment))[0].get("health"))
    except OSError:
        # It fails for an alarm as well, and only the other says for which.
        if not status.get("errors"):
            raise
        healthy = False
    return {
        "healthy": healthy,
        "leader": status["leader"] == status["header"]["member_id"],
        "hasLeader": status["leader"] != 0,
        "memberId": format(status["header"]["member_id"], "x"),
        "leaderId": format(status["leader"], "x"),
        "term": status.get("raftTerm"),
        "databaseBytes": status.get("dbSize"),
        "version": status.get("version"),
        "errors": status.get("errors", []),
        # In the middle of a change of etcd.tls: see etcd-members.
        "both": (line_of("/var/lib/postgres-ha/etcd-scheme") or "").startswith("both"),
    }


def vip(args):
    links = json.loads(run(["ip", "-j", "-4", "addr", "show"]))
    names = [link["ifname"] for link in links for address in link.get("addr_info", []) if address.get("local") == args.vip]
    return {"address": args.vip, "held": bool(names), "interfaces": names}


def haproxy(_):
    backends = {}
    rows = csv.DictReader(io.StringIO(run([TOOLS + "/haproxy-ask", "show stat"]).lstrip("# ")))
    for row in rows:
        # One that is there twice, amid a change of how the members are checked, is up where one of the two is: see haproxy-checks.
        name = row["svname"].partition(":")[0]
        if row["svname"] not in ("FRONTEND", "BACKEND"):
            backends.setdefault(row["pxname"], []).append({
                "server": name,
                "up": row["status"].startswith("UP"),
                "status": row["status"],
                "check": row["check_status"],
                "sessions": int(row["scur"] or 0),
            })
    info = dict(line.split(": ", 1) for line in run([TOOLS + "/haproxy-ask", "show info"]).splitlines() if ": " in line)
    return {
        "version": info.get("Version"),
        "uptimeSeconds": int(info.get("Uptime_sec", 0)),
        "connections": int(info.get("CurrConns", 0)),
        "maxConnections": int(info.get("Maxconn", 0)),
        "backends": backends,
        "both": amid_change(),
    }


def pgbouncer(args):
    address, _, port = args.pgbouncer.rpartition(":")
    with socket.create_connection((address, int(port)), timeout=PATIENCE) as connection:
        # PostgreSQL's request for TLS: yes and no are both an answer.
        connection.sendall(struct.pack("!II", 8, 80877103))
        answers = connection.recv(1) in (b"S", b"N")
    return {"listening": True, "answers": answers}


def line_of(path):
    """A file's first line; None when there is no such file."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().strip() or None
    except OSError:
        return None


def watchdog(_):
    if not os.path.exists("/dev/watchdog"):
        return {"device": False}
    device = os.stat("/dev/watchdog")
    try:
        owner = pwd.getpwuid(device.st_uid).pw_name
    except KeyError:
        owner = str(device.st_uid)
    # /dev/watchdog is the first one that was registered, watchdog0. softdog, unlike a device of the machine's, has no driver below it.
    driver = "/sys/class/watchdog/watchdog0/device/driver"
    return {
        "device": True,
        "owner": owner,
        "mode": format(stat.S_IMODE(device.st_mode), "04o"),
        "driver": os.path.basename(os.path.realpath(driver)) if os.path.exists(driver) else None,
        "identity": line_of("/sys/class/watchdog/watchdog0/identity"),
    }


def running(unit):
    """What a unit's process says of its version, and whether the program on disk is another one by now; None when it does not run."""
    pid = run(["systemctl", "show", unit, "-p", "MainPID"]).strip().partition("=")[2]
    if pid in ("", "0"):
        return None
    program = f"/proc/{pid}/exe"
    done = subprocess.run(
        [program, "--version"], env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
    found = re.search(r"[Vv]?([0-9]+(?:\.[0-9]+)+)", done.stdout.decode(errors="replace"))
    return {"version": found.group(1) if found else None, "replaced": os.readlink(program).endswith(" (deleted)")}


def package(name):
    """A package's version, and the CVE numbers in its changelog: a distribution mends holes without a new upstream version."""
    if shutil.which("dpkg-query", path=ENVIRONMENT["PATH"]):
        version = run(["dpkg-query", "-W", "-f", "${Version}", name]).strip()
        changes = ""
        for changelog in ("changelog.Debian.gz", "changelog.gz"):
            path = f"/usr/share/doc/{name}/{changelog}"
            if os.path.exists(path):
                with gzip.open(path, "rt", encoding="utf-8", errors="replace") as lines:
                    changes = lines.read()
                break
    else:
        version = run(["rpm", "-q", "--qf", "%{VERSION}-%{RELEASE}", name]).strip()
        changes = run(["rpm", "-q", "--changelog", name])
    return {"version": version, "mends": sorted(set(re.findall(r"CVE-[0-9]{4}-[0-9]{4,}", changes)))}


def versions(args):
    """Of what does not tell its version elsewhere in the report; None where it cannot be had."""
    def known(question, name):
        try:
            return question(name)
        except (OSError, subprocess.SubprocessError):
            return None
    return {
        "running": {unit.partition(".")[0]: known(running, unit) for unit in args.unit if unit in ("pgbouncer.service", "keepalived.service")},
        "packages": {name: known(package, name) for name in args.package},
    }


def certificates(args):
    """By path when each ends, in seconds since 1970."""
    result = {}
    for path in args.certificate:
        try:
            ends = run(["openssl", "x509", "-in", path, "-noout", "-enddate"]).strip().partition("=")[2]
            result[path] = {"endsAt": ssl.cert_time_to_seconds(ends)}
        except (OSError, ValueError) as error:
            result[path] = {"error": str(error)}
    return result


def clients(args):
    """Whether PostgreSQL takes clients without TLS."""
    with open(os.path.join(args.data, "pg_hba.conf"), encoding="utf-8", errors="replace") as lines:
        return {"withoutTls": any(re.match(r"host\s+all\s+all\s", line) for line in lines)}


def services(args):
    result = {}
    for unit in args.unit:
        shown = run(["systemctl", "show", unit, "-p", "LoadState,ActiveState,SubState,UnitFileState,NRestarts,ActiveEnterTimestamp"])
        facts = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
        result[unit] = {
            "installed": facts.get("LoadState") == "loaded",
            "active": facts.get("ActiveState") == "active",
            "enabled": facts.get("UnitFileState") == "enabled",
            "state": f"{facts.get('ActiveState')} ({facts.get('SubState')})",
            "restarts": int(facts.get("NRestarts") or 0),
            "since": facts.get("ActiveEnterTimestamp") or None,
        }
    return result


def system(_):
    names = {}
    with open("/etc/os-release", encoding="utf-8") as lines:
        for line in lines:
            name, _, value = line.strip().partition("=")
            names[name] = value.strip('"')
    # Since its first process began: in a container /proc/uptime alone is the machine's. The program's name, in brackets, may hold blanks.
    with open("/proc/uptime", encoding="utf-8") as uptime, open("/proc/1/stat", encoding="utf-8") as first:
        seconds = float(uptime.read().split()[0]) - int(first.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return {"name": names.get("PRETTY_NAME"), "kernel": os.uname().release, "uptimeSeconds": round(seconds), "load": os.getloadavg()[0]}


def disk(args):
    path = args.data
    while not os.path.exists(path):
        path = os.path.dirname(path)
    usage = shutil.disk_usage(path)
    # What patroni-rewind keeps.
    kept = args.data + ".kept"
    names = sorted(os.listdir(kept)) if os.path.isdir(kept) else []
    return {"path": args.data, "totalBytes": usage.total, "freeBytes": usage.free, "kept": [kept + "/" + name for name in names]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vip", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--patroni", required=True, help="address of its REST API")
    parser.add_argument("--etcd", help="address of its member; left out on a host without one")
    parser.add_argument("--pgbouncer", required=True, help="ADDRESS:PORT")
    parser.add_argument("--certificate", action="append", default=[], help="path of a certificate")
    parser.add_argument("--unit", action="append", default=[])
    parser.add_argument("--package", action="append", default=[], help="a package that a component comes in")
    args = parser.parse_args()

    parts = [system, disk, patroni, vip, haproxy, pgbouncer, watchdog, certificates, clients, services, versions] + ([etcd] if args.etcd else [])
    report = {"host": socket.gethostname(), "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}

    def ask(part):
        try:
            return part(args)
        except subprocess.TimeoutExpired as error:
            return {"error": f"{error.cmd[0]} did not answer within {error.timeout:g} s"}
        except OSError as error:
            return {"error": str(error)}
        except Exception as error:  # pylint: disable=broad-except
            return {"error": f"{type(error).__name__}: {error}"}

    with concurrent.futures.ThreadPoolExecutor(len(parts)) as pool:
        for part, answer in zip(parts, pool.map(ask, parts)):
            report[part.__name__] = answer
    print(json.dumps(report, sort_keys=True))


main()
