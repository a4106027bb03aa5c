#!/usr/bin/python3
"""haproxy-state CONFIGURATION: what the running HAProxy knows of its servers (`show servers state`, on stdin) as the one with this configuration is to
begin with.

HAProxy believes it: a server that moved to another port would be checked at the old one for ever, and one that it knows nothing of counts as up until its
first check, which for another way of checking the same member (haproxy-checks) would have writes go to replicas.
"""
import sys

# Columns, see HAProxy's management guide. What a server's line begins with.
BACKEND, ID, NAME, ADDRESS, STATE, HEALTH, PORT, CHECK_PORT = 1, 2, 3, 4, 5, 12, 18, 21
DOWN = "0"
OLD = ":old"


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


def of(known, backend, name, address, changing):
    """The line of a server, maybe of another name; None where nothing is known. changing: whether its member is checked in two ways from now on."""
    own = known.get((backend, name))
    if name.endswith(OLD):
        return own or known.get((backend, name[:-len(OLD)]))
    if changing:
        rows = [row for (place, _), row in known.items() if place == backend and row[ADDRESS] == address]
        if any(row[NAME].endswith(OLD) for row in rows) or not rows:
            return own
        # Nobody has answered it in this way yet.
        return with_values(rows[0], {STATE: DOWN, HEALTH: "0"})
    # Checked as before after all.
    old = known.get((backend, name + OLD))
    return old if old and (own is None or own[STATE] == DOWN) else own


def main():
    """Prints the head as it is, then a line for each server."""
    lines = sys.stdin.read().splitlines()
    rows = [line.split(" ") for line in lines if len(line.split(" ")) > CHECK_PORT and not line.startswith("#")]
    known = {(row[BACKEND], row[NAME]): row for row in rows}
    configured = servers(sys.argv[1])
    changing = {address for (_, name), (address, _, _) in configured.items() if name.endswith(OLD)}
    for line in lines[:2]:
        print(line)
    for (backend, name), (address, port, check) in configured.items():
        row = of(known, backend, name, address, address in changing)
        if row is not None:
            # The number belongs to the name.
            number = row[ID] if row[NAME] == name else "0"
            print(" ".join(with_values(row, {ID: number, NAME: name, PORT: port, CHECK_PORT: check})))


main()
