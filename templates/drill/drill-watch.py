#!/usr/bin/python3
"""drill-watch ADDRESS: prints 1 while this host holds ADDRESS and 0 while it does not, at each change and once a second, until nobody listens."""
import sys
import time


def holds(address):
    """Whether the address is one of this host's own, from the kernel's table of local addresses; no process is started for it."""
    with open("/proc/net/fib_trie", encoding="ascii") as table:
        last = None
        for line in table:
            if "|-- " in line:
                last = line.split("|-- ")[1].strip()
            elif last == address and "host LOCAL" in line:
                return True
    return False


def main():
    said, at = None, 0.0
    while True:
        now = holds(sys.argv[1])
        if now != said or time.monotonic() - at >= 1:
            said, at = now, time.monotonic()
            print(int(now), flush=True)
        time.sleep(0.1)


try:
    main()
except (BrokenPipeError, KeyboardInterrupt):
    sys.stderr.close()
