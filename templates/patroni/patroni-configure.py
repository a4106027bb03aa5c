#!/usr/bin/python3
"""patroni-configure --self NAME --lag BYTES --postgres VERSION --bin DIR --socket DIR --port PORT NAME=ADDRESS:PORT…: makes the cluster's dynamic
configuration what stdin says (patroni-dynamic), before any member is looked at: one that does not start with what stands there is mended by it, and
must not have to be healthy first.

Through any member's REST API, or by patronictl where none answers. A cluster that is not initialised yet is created with it.
"""
import argparse
import importlib.util
import sys
from importlib.machinery import SourceFileLoader

sys.dont_write_bytecode = True


def load(name):
    """One of the modules that our tools share."""
    loader = SourceFileLoader(name, "/usr/local/lib/postgres-ha/patroni-" + name)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


load("client").as_patroni()
restarts = load("restarts")
dynamic, client = restarts.dynamic, restarts.client


def body():
    """Writes, and waits for those who run."""
    args, cluster = client.arguments(restarts.options(argparse.ArgumentParser()))
    wanted, _ = dynamic.read()
    held = client.lock("patroni-reconcile")
    way = dynamic.door(cluster)
    if way.get() is None:
        client.say("unchanged", "the cluster is not initialised yet: its first member creates it with this configuration")
        return 0
    dynamic.clear(args, cluster, wanted, way)
    changed, kept = dynamic.write(args, cluster, wanted, way)
    words = dynamic.said(changed, kept)
    if changed:
        words.append("through " + way.text)
    client.say("changed" if changed else "unchanged", ", ".join(words))
    held.close()
    return 0


client.main(body)
