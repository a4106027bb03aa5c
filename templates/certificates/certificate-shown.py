#!/usr/bin/python3
"""Shared by the tools that look whether a service has taken a renewed certificate: what a client is shown. Loaded, never run."""
import socket
import ssl
import struct

# PostgreSQL's request for TLS.
REQUEST = struct.pack("!II", 8, 80877103)
PATIENCE = 2
END = "-----END CERTIFICATE-----"


def shown(address, port, asks=True):
    """The certificate as PEM; None where there is no TLS. A client of PostgreSQL's protocol asks for it first."""
    with socket.create_connection((address, port), timeout=PATIENCE) as connection:
        if asks:
            connection.sendall(REQUEST)
            if connection.recv(1) != b"S":
                return None
        # Looked at, not believed: it is compared with the file.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(connection) as secured:
            return ssl.DER_cert_to_PEM_cert(secured.getpeercert(True))


def problem(path, address, port, asks=True):
    """Why a client is not shown the certificate of a file, or shown one where there is to be no TLS (path None); None when all is as it should be."""
    asked = ""
    if path:
        with open(path, encoding="utf-8") as file:
            # Behind it may stand what lies between it and the root.
            asked = file.read().partition(END)
            asked = asked[0] + asked[1]
    try:
        seen = shown(address, port, asks) or ""
    except OSError as error:
        return "a client with TLS gets no answer on %s:%d: %s" % (address, port, error)
    if asked.split() == seen.split():
        return None
    return "a client on %s:%d is shown %s, not %s" % (
        address, port, "another certificate" if seen else "no certificate", "that of " + path if path else "none")
