#!/usr/bin/python3
"""etcd-password add|changepw USER CLIENT-URL…: makes a user of etcd, or changes its password. Stdin: the password, and on a second line the one root
has at present, empty while authentication is off.

By etcd's JSON interface: etcdctl reads a password from stdin up to its first blank.
"""
import json
import sys
import urllib.error
import urllib.request

# A proxy in the environment is none for the cluster's own addresses.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(url, method, body, token=None):
    """etcd's answer to one request."""
    request = urllib.request.Request(url + "/v3/auth/" + method, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    if token:
        request.add_header("Authorization", token)
    with OPENER.open(request, timeout=10) as answer:
        return json.loads(answer.read().decode())


def said(error):
    """Why a request failed, in etcd's own words where it has any."""
    if not isinstance(error, urllib.error.HTTPError):
        return str(getattr(error, "reason", error))
    text = error.read().decode(errors="replace")
    try:
        return json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        return "HTTP status %d" % error.code


def main():
    method, user, urls = sys.argv[1], sys.argv[2], sys.argv[3:]
    password, root = (line.decode() for line in sys.stdin.buffer.read().split(b"\n")[:2])
    refused = ""
    for url in urls:
        try:
            token = call(url, "authenticate", {"name": "root", "password": root})["token"] if root else None
            call(url, "user/" + method, {"name": user, "password": password}, token)
            return
        except (OSError, ValueError, KeyError) as error:
            refused = "%s: %s" % (url, said(error))
    sys.exit("error: etcd: the password of user %s cannot be set; %s" % (user, refused))


main()
