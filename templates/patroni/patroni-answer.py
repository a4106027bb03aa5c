#!/usr/bin/python3
"""Shared by the tool that restarts Patroni on a leader: answers in its place meanwhile. Loaded, never run.

HAProxy, on every host, asks Patroni's API whether this member leads, and takes two refusals for a dead leader: it would cut every connection, and have
none for new ones, for as long as Patroni takes to start (2 s), although PostgreSQL runs on. What is left is the end of the time from Patroni's own question
on that port to its opening, since a port cannot be shared with it, and until it knows that it leads.
"""
import socket
import ssl
import threading
import time
import urllib.parse

# Longer than a start takes; then whoever asks shall hear the truth, that nobody answers.
LIMIT = 20
PATIENCE = 0.5
# Between its question and its opening of the port Patroni (4.0 to 4.1.5) looks for its PostgreSQL, has it reload and pauses for a second: so long, and
# less than that, the port is not missed. One that does not pause finds it taken, ends, and is started again by systemd.
HELD = 0.8
LEADS = b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
KNOWS_NOTHING = b"HTTP/1.0 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class StandIn:
    """Takes the port of the API when Patroni has closed it, and leaves it to the next Patroni when that one is about to open it."""

    def __init__(self, url, certificate=None, key=None):
        parts = urllib.parse.urlsplit(url)
        self.address = (parts.hostname, parts.port)
        self.pair = (certificate, key) if parts.scheme == "https" else None
        self.context = None
        self.over = threading.Event()
        self.alive = lambda: True
        self.thread = threading.Thread(target=self.work, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    def work(self):
        """From the moment at which the port is free."""
        end = time.monotonic() + LIMIT
        if self.pair is not None:
            try:
                self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self.context.load_cert_chain(*self.pair)
            except (OSError, TypeError):
                # Who cannot show who it is is believed by nobody.
                return
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            while True:
                try:
                    listener.bind(self.address)
                    break
                except OSError:
                    if self.over.wait(0.02) or time.monotonic() >= end:
                        return
            listener.listen(64)
            listener.settimeout(0.1)
            # A Patroni that has ended without asking (see below) could not open the port: the next start of it shall.
            while not self.over.is_set() and self.alive() and time.monotonic() < end:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    continue
                connection.settimeout(max(0.05, min(PATIENCE, end - time.monotonic())))
                try:
                    with connection if self.context is None else self.context.wrap_socket(connection, server_side=True) as speaking:
                        if self.is_asked_by_patroni(speaking):
                            end = min(end, time.monotonic() + HELD)
                except OSError:
                    connection.close()

    @staticmethod
    def is_asked_by_patroni(connection):
        """Answers one request. Before Patroni opens its API it looks whether another of its name answers there, and ends if so: it gets no answer."""
        try:
            words = connection.recv(4096).split(b" ", 2)
            path = words[1] if len(words) == 3 else b""
            if path.startswith(b"/liveness"):
                return True
            connection.sendall(LEADS if path.split(b"?")[0] in (b"/primary", b"/read-write", b"/leader") else KNOWS_NOTHING)
        except OSError:
            pass
        return False
