#!/usr/bin/python3
"""pgbouncer-health PORT ADDRESS…: succeeds when the service is active and speaks PostgreSQL's protocol on each ADDRESS; after a reload also, when it runs
with the numbers and modes of its file, and shows clients the certificate of its file: what it refuses there it only logs, and goes on with the old value. Ends
with 75 when it listens on another port still, which takes a restart."""
import importlib.util
import os
import pwd
import re
import socket
import struct
import subprocess
import sys
from importlib.machinery import SourceFileLoader

FILE = "/etc/pgbouncer/pgbouncer.ini"
FOLDER = "/run/postgres-ha-pgbouncer"

sys.dont_write_bytecode = True
loader = SourceFileLoader("certificates", "/usr/local/lib/postgres-ha/certificate-shown")
certificates = importlib.util.module_from_spec(importlib.util.spec_from_loader("certificates", loader))
loader.exec_module(certificates)


def speaks(address, port):
    """Whether somebody there answers PostgreSQL's request for TLS, with yes or no."""
    with socket.create_connection((address, port), timeout=2) as connection:
        connection.sendall(certificates.REQUEST)
        return connection.recv(1) in (b"S", b"N")


def messages(connection):
    """PostgreSQL's messages as they come: type and content."""
    stream = connection.makefile("rb")
    while True:
        head = stream.read(5)
        if len(head) < 5:
            return
        yield head[:1], stream.read(struct.unpack("!I", head[1:])[0] - 4)


def fields(row):
    """The texts of a row."""
    at = 2
    for _ in range(struct.unpack("!H", row[:2])[0]):
        size = struct.unpack("!i", row[at:at + 4])[0]
        at += 4
        yield row[at:at + max(size, 0)].decode(errors="replace")
        at += max(size, 0)


def running(port):
    """The settings it runs with, by name. Its own user needs no password through its socket."""
    user = os.geteuid()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        os.seteuid(pwd.getpwnam("postgres").pw_uid)
        try:
            connection.connect("%s/.s.PGSQL.%d" % (FOLDER, port))
        finally:
            os.seteuid(user)
        start = struct.pack("!I", 196608) + b"user\0pgbouncer\0database\0pgbouncer\0\0"
        query = b"SHOW CONFIG\0"
        connection.sendall(struct.pack("!I", len(start) + 4) + start)
        found, asked = {}, False
        for kind, content in messages(connection):
            if kind == b"Z" and not asked:
                asked = True
                connection.sendall(b"Q" + struct.pack("!I", len(query) + 4) + query)
            elif kind == b"D":
                name, value = list(fields(content))[:2]
                found[name] = value
            elif kind in (b"E", b"Z") or (kind == b"R" and content[:4] != struct.pack("!I", 0)):
                break
    return found


def differs(asked, runs):
    """Whether two values are not the same. Texts, which it may show in another way than they are written, are not judged."""
    try:
        return float(asked) != float(runs)
    except ValueError:
        return bool(re.match(r"[a-z]+$", asked)) and asked != runs


def left(address, port):
    """The settings of the file that it does not run with, in words."""
    now = running(port)
    with open(FILE, encoding="utf-8") as lines:
        pairs = re.findall(r"^([a-z_]+) *= *(.*?) *$", lines.read(), re.MULTILINE)
    old = certificates.problem(dict(pairs).get("client_tls_cert_file"), address, port)
    return ([old] if old else []) + ["%s is %s, %s is asked" % (name, now[name], value) for name, value in pairs if name in now and differs(value, now[name])]


def main():
    port = int(sys.argv[1])
    command = ["systemctl", "is-active", "pgbouncer.service"]
    state = subprocess.run(command, stdout=subprocess.PIPE, timeout=5, check=False).stdout.decode().strip()
    if state != "active":
        sys.exit(f"error: pgbouncer.service: expected active, seen {state}")
    reloaded = bool(os.environ.get("PGHA_SINCE"))
    if reloaded and not os.path.exists("%s/.s.PGSQL.%d" % (FOLDER, port)):
        sys.stderr.write("error: PgBouncer listens on another port than %d still\n" % port)
        sys.exit(75)
    for address in sys.argv[2:]:
        try:
            answer = "something else than PostgreSQL's protocol" if not speaks(address, port) else ""
        except OSError as error:
            answer = str(error)
        if answer:
            sys.exit(f"error: PgBouncer on {address}:{port}: expected an answer to PostgreSQL's protocol, seen: {answer}")
    # Handed over by service-apply after a reload.
    if reloaded:
        try:
            old = left(sys.argv[2], port)
        except OSError as error:
            sys.exit(f"error: PgBouncer's admin console does not answer on {FOLDER}: {error}")
        if old:
            sys.exit(f"error: PgBouncer goes on with old settings: {'; '.join(old)}")


main()
