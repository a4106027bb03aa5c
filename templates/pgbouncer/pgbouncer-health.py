#!/usr/bin/python3
"""pgbouncer-health PORT ADDRESS…: succeeds when the service is active and speaks PostgreSQL's protocol on each ADDRESS."""
import socket
import struct
import subprocess
import sys


def speaks(address, port):
    """Whether somebody there answers PostgreSQL's request for TLS, with yes or no."""
    with socket.create_connection((address, port), timeout=2) as connection:
        connection.sendall(struct.pack("!II", 8, 80877103))
        return connection.recv(1) in (b"S", b"N")


def main():
    port = int(sys.argv[1])
    command = ["systemctl", "is-active", "pgbouncer.service"]
    state = subprocess.run(command, stdout=subprocess.PIPE, timeout=5, check=False).stdout.decode().strip()
    if state != "active":
        sys.exit(f"error: pgbouncer.service: expected active, seen {state}")
    for address in sys.argv[2:]:
        try:
            answer = "something else than PostgreSQL's protocol" if not speaks(address, port) else ""
        except OSError as error:
            answer = str(error)
        if answer:
            sys.exit(f"error: PgBouncer on {address}:{port}: expected an answer to PostgreSQL's protocol, seen: {answer}")


main()
