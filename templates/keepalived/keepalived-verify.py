#!/usr/bin/python3
"""keepalived-verify VIP INTERFACE SECONDS: waits until exactly one host holds the virtual IP.

Every holder in the segment answers an ARP probe, so one host can tell for all: itself if it holds the address, and whoever answers.
"""
import glob
import json
import socket
import struct
import subprocess
import sys
import time

ETHERTYPE_ARP = 0x0806


def holds(vip, interface):
    """Whether this host itself carries the address."""
    text = subprocess.check_output(["ip", "-j", "-4", "addr", "show", "dev", interface], timeout=5).decode()
    return any(address.get("local") == vip for link in json.loads(text) for address in link.get("addr_info", []))


def own_addresses():
    """Hardware addresses of this host; another of its interfaces in the segment answers too, and is no second holder."""
    result = set()
    for path in glob.glob("/sys/class/net/*/address"):
        with open(path, encoding="ascii") as file:
            result.add(file.read().strip())
    return result


def answers(vip, interface):
    """Hardware addresses of other hosts that answer for the virtual IP within a second."""
    target = socket.inet_aton(vip)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETHERTYPE_ARP)) as link:
        link.bind((interface, ETHERTYPE_ARP))
        own = link.getsockname()[4]
        # A probe in the sense of RFC 5227: without a sender address it changes nobody's table.
        request = struct.pack("!6s6sHHHBBH6s4s6s4s", b"\xff" * 6, own, ETHERTYPE_ARP, 1, 0x0800, 6, 4, 1, own, bytes(4), bytes(6), target)
        seen = set()
        end = time.monotonic() + 1
        link.send(request.ljust(60, b"\0"))
        while time.monotonic() < end:
            link.settimeout(max(0.01, end - time.monotonic()))
            try:
                frame = link.recv(2048)
            except socket.timeout:
                break
            if len(frame) >= 42 and frame[20:22] == b"\x00\x02" and frame[28:32] == target:
                seen.add(":".join("%02x" % byte for byte in frame[22:28]))
        return seen - own_addresses()


def main():
    vip, interface, limit = sys.argv[1], sys.argv[2], int(sys.argv[3])
    end = time.monotonic() + limit
    while True:
        try:
            holders = sorted(answers(vip, interface))
            if holds(vip, interface):
                holders.insert(0, f"this host ({socket.gethostname()})")
        except (OSError, subprocess.SubprocessError) as error:
            sys.exit(f"error: interface {interface} cannot be asked for the virtual IP {vip}: {error}")
        if len(holders) == 1:
            print(f"unchanged: virtual IP {vip} is held by exactly one host: {holders[0]}")
            return
        if time.monotonic() >= end:
            sys.exit(f"error: virtual IP {vip}: expected on exactly one host, seen on {len(holders)} after {limit} s: {', '.join(holders) or 'none'}")
        time.sleep(0.2)


main()
