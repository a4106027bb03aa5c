#!/usr/bin/python3
"""certificate-ended UNIT [--asks] ADDRESS:PORT…: has UNIT reload where a client is shown a certificate that has ended; --asks: by PostgreSQL's protocol.

Done on every host, once its own certificate is renewed, before anybody waits for a member to be well: none is while the others show theirs. On stdin: what
the certificate is, which only makes the engine run this again.
"""
import importlib.util
import subprocess
import sys
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("certificates", "/usr/local/lib/postgres-ha/certificate-shown")
certificates = importlib.util.module_from_spec(importlib.util.spec_from_loader("certificates", loader))
loader.exec_module(certificates)


def has_ended(place, asks):
    """Whether who connects there is shown a certificate that has ended. One that nobody is shown has not."""
    address, port = place.rsplit(":", 1)
    try:
        shown = certificates.shown(address, int(port), asks)
    except OSError:
        return False
    # 1: it ends within so many seconds.
    return shown is not None and subprocess.run(
        ["openssl", "x509", "-noout", "-checkend", "0"], input=shown.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 1


def main():
    """Looks at each place."""
    unit, ended, asks = sys.argv[1], [], False
    for word in sys.argv[2:]:
        if word == "--asks":
            asks = True
            continue
        if has_ended(word, asks):
            ended.append(word)
        asks = False
    if not ended:
        print("unchanged: no certificate that is shown has ended")
        return
    subprocess.run(["systemctl", "reload", unit], check=True)
    print("changed: %s reloaded: the certificate on %s had ended" % (unit, ", ".join(ended)))


main()
