#!/usr/bin/python3
"""Shared by the tools that speak HTTP to etcd, with this host's certificate where its doors have TLS. Loaded, never run."""
import json
import ssl
import urllib.error
import urllib.request

FOLDER = "/etc/postgres-ha/tls/"
# A proxy in the environment is none for the cluster's own addresses.
DIRECT = urllib.request.ProxyHandler({})


def secured():
    """Who asks by TLS verifies the other's address and shows a certificate of its own."""
    context = ssl.create_default_context(cafile=FOLDER + "ca.crt")
    context.load_cert_chain(FOLDER + "etcd.crt", FOLDER + "etcd.crt.key")
    return urllib.request.HTTPSHandler(context=context)


def ask(request, timeout):
    """The answer to a request, or to the URL that is given in its place."""
    url = request if isinstance(request, str) else request.full_url
    handlers = [DIRECT, secured()] if url.startswith("https:") else [DIRECT]
    return urllib.request.build_opener(*handlers).open(request, timeout=timeout)


def post(url, body, token=None, timeout=10):
    """What etcd's JSON interface answers."""
    request = urllib.request.Request(url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
    if token:
        request.add_header("Authorization", token)
    with ask(request, timeout) as answer:
        return json.loads(answer.read().decode())


def twin(url):
    """The same place by the other scheme."""
    scheme, rest = url.split(":", 1)
    return ("http:" if scheme == "https" else "https:") + rest


def said(error):
    """Why a request failed, in etcd's own words where it has any."""
    if not isinstance(error, urllib.error.HTTPError):
        return str(getattr(error, "reason", error))
    text = error.read().decode(errors="replace")
    try:
        return json.loads(text)["message"]
    except (ValueError, KeyError, TypeError):
        return "HTTP status %d" % error.code
