#!/usr/bin/python3
"""haproxy-state CONFIGURATION: what the running HAProxy knows of its servers (`show servers state`, on stdin) as the one with this configuration is to
begin with.

HAProxy believes it: a server that moved to another port would be checked at the old one for ever, and one that it knows nothing of counts as up until its
first check, which for another way of checking the same member (haproxy-checks) would have writes go to replicas. Where the way before ends, and a backend
would have nobody left, since its member answers in that one only, this fails.
"""
import sys

# Columns, see HAProxy's management guide. What a server's line begins with.
BACKEND, ID, NAME, ADDRESS, STATE, HEALTH, PORT, CHECK_PORT = 1, 2, 3, 4, 5, 12, 18, 21
DOWN, UP = "0", "2"
OLD = ":old"
# See haproxy-checks.
BEFORE = "/var/lib/postgres-ha/haproxy.cfg.before"


def servers(path):
    """By backend and name each server's address, port and port of its check, in the configuration's order."""
    found, backend = {}, ""
    with open(path, encoding="utf-8") as lines:
        for words in map(str.split, lines):
            if words[:1] == ["backend"]:
                backend = words[1]
            elif words[:1] == ["server"]:
                address, _, port = words[2].rpartition(":")
                found[backend, words[1]] = (address, port, words[words.index("port", 3) + 1] if "port" in words[3:] else "0")
    return found


def with_values(row, values):
    """A line with other values in some columns."""
    return [values.get(column, word) for column, word in enumerate(row)]


def of(known, backend, name, address, changing, back):
    """The line of a server, maybe of another name; None where nothing is known. changing: whether its member is checked in two ways from now on; back:
    whether all are checked as before they were, after all."""
    own = known.get((backend, name))
    if name.endswith(OLD):
        return own or known.get((backend, name[:-len(OLD)]))
    if changing:
        rows = [row for (place, _), row in known.items() if place == backend and row[ADDRESS] == address]
        if any(row[NAME].endswith(OLD) for row in rows) or not rows:
            return own
        # Nobody has answered it in this way yet.
        return with_values(rows[0], {STATE: DOWN, HEALTH: "0"})
    return known.get((backend, name + OLD), own) if back else own


def text(path):
    """A file's; None where there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return None


def main():
    """Prints the head as it is, then a line for each server."""
    lines = sys.stdin.read().splitlines()
    rows = [line.split(" ") for line in lines if len(line.split(" ")) > CHECK_PORT and not line.startswith("#")]
    known = {(row[BACKEND], row[NAME]): row for row in rows}
    configured = servers(sys.argv[1])
    changing = {address for (_, name), (address, _, _) in configured.items() if name.endswith(OLD)}
    back = text(BEFORE) == text(sys.argv[1])
    found = lines[:2]
    up = set()
    for (backend, name), (address, port, check) in configured.items():
        row = of(known, backend, name, address, address in changing, back)
        if row is not None:
            up |= {backend} if row[STATE] == UP else set()
            # The number belongs to the name.
            number = row[ID] if row[NAME] == name else "0"
            found.append(" ".join(with_values(row, {ID: number, NAME: name, PORT: port, CHECK_PORT: check})))
    for (backend, name), row in known.items():
        if name.endswith(OLD) and row[STATE] == UP and backend not in up:
            sys.exit("%s answers the checks of backend %s as before only" % (name[:-len(OLD)], backend))
    print("\n".join(found))


main()
