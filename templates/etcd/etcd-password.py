#!/usr/bin/python3
"""etcd-password add|changepw USER CLIENT-URL…: makes a user of etcd, or changes its password. Stdin: the password, and on a second line the one root
has at present, empty while authentication is off.

By etcd's JSON interface: etcdctl reads a password from stdin up to its first blank.
"""
import importlib.util
import os
import sys
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True
loader = SourceFileLoader("client", os.path.dirname(os.path.abspath(__file__)) + "/etcd-client")
client = importlib.util.module_from_spec(importlib.util.spec_from_loader("client", loader))
loader.exec_module(client)


def main():
    method, user, urls = sys.argv[1], sys.argv[2], sys.argv[3:]
    password, root = (line.decode() for line in sys.stdin.buffer.read().split(b"\n")[:2])
    refused = ""
    for url in urls:
        try:
            token = client.post(url + "/v3/auth/authenticate", {"name": "root", "password": root})["token"] if root else None
            client.post(url + "/v3/auth/user/" + method, {"name": user, "password": password}, token)
            return
        except (OSError, ValueError, KeyError) as error:
            refused = "%s: %s" % (url, client.said(error))
    sys.exit("error: etcd: the password of user %s cannot be set; %s" % (user, refused))


main()
