#!/usr/bin/python3
"""haproxy-ask COMMAND: asks HAProxy's admin socket and prints the answer."""
import socket
import sys


def main():
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect("/var/lib/haproxy/admin.sock")
            connection.sendall(sys.argv[1].encode() + b"\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError as error:
        sys.exit(f"error: HAProxy's admin socket does not answer: {error}")
    sys.stdout.write(answer.decode())


main()
