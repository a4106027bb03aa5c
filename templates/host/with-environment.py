#!/usr/bin/python3
"""with-environment FILE COMMAND…: runs COMMAND with the variables of FILE, an environment file as systemd reads it (EnvironmentFile=).

The one reader of such files, also for the other tools, which load it. None is ever sourced: to a shell a value can be a command.
"""
import os
import sys

ESCAPED = b"\"\\`$"
# The one of all tools: sudo's and a service's may lack the administrator's folders, where etcdctl lies.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def value(text):
    """What stands behind NAME=, without its quotes."""
    result, quote, rest = b"", b"", text.strip(b" \t")
    while rest:
        char, rest = rest[:1], rest[1:]
        if char == quote:
            quote = b""
        elif not quote and char in (b'"', b"'"):
            quote = char
        elif char == b"\\" and quote != b"'" and rest:
            # Between double quotes a backslash has a meaning before these four only.
            result += rest[:1] if not quote or rest[:1] in ESCAPED else char + rest[:1]
            rest = rest[1:]
        else:
            result += char
    return result


def read(path):
    """The variables of a file by name; the values as bytes, which no locale can spoil."""
    variables = {}
    with open(path, "rb") as lines:
        for line in lines.read().split(b"\n"):
            name, found, text = line.strip(b" \t\r").partition(b"=")
            if found and not name.startswith((b"#", b";")):
                variables[name.rstrip(b" \t").decode()] = value(text)
    return variables


def main():
    os.environ.update({name: os.fsdecode(content) for name, content in read(sys.argv[1]).items()})
    os.execvp(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
