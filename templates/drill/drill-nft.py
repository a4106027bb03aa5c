#!/usr/bin/python3
"""drill-nft INTERFACE VIP PEER…: cuts this host off from the peers, and the virtual IP off from everybody outside. Without arguments: undoes it.

All in tables of its own, so that taking them away restores what was. Login and connections to the host's own address go on: they are the clients
on its side. Gratuitous ARP of keepalived leaves by a raw socket, which only the hook at the device sees; kernels before 5.16 lack that one.
"""
import os
import shutil
import subprocess
import sys

NAME = "postgres_ha_drill"


def run(rules):
    """None, or what nftables had against the rules."""
    program = shutil.which("nft", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program:
        done = subprocess.run([program, "-f", "-"], input=rules, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False)
        return done.stdout.strip() or "nft ended with %d" % done.returncode if done.returncode else None
    try:
        import nftables  # pylint: disable=import-outside-toplevel
    except ImportError:
        # firewalld brings the library for the interpreter that it uses itself.
        firewall = shutil.which("firewall-cmd", path="/usr/bin:/bin")
        if firewall and "DRILL_NFT" not in os.environ:
            with open(firewall, encoding="utf-8") as script:
                interpreter = script.readline()[2:].split()
            os.environ["DRILL_NFT"] = "1"
            os.execv(interpreter[0], interpreter + [os.path.abspath(__file__)] + sys.argv[1:])
        return "neither the program nft nor its Python library is on this host"
    code, _, error = nftables.Nftables().cmd(rules)
    return error.strip() or "nftables ended with %d" % code if code else None


def tables(interface, vip, peers):
    """The rules, with the hook at the device or without."""
    both = """
table inet NAME {
  chain in { type filter hook input priority -300; ip saddr { PEERS } drop; }
  chain out { type filter hook output priority -300; ip daddr { PEERS } drop; }
}
"""
    device = """
table netdev NAME {
  chain in { type filter hook ingress device "INTERFACE" priority -300; arp daddr ip VIP drop; ip daddr VIP drop; }
  chain out { type filter hook egress device "INTERFACE" priority -300; arp saddr ip VIP drop; ip saddr VIP drop; }
}
"""
    stack = """
table arp NAME {
  chain in { type filter hook input priority -300; arp daddr ip VIP drop; }
  chain out { type filter hook output priority -300; arp saddr ip VIP drop; }
}
"""
    for rules in (both + device, both + stack):
        yield rules.replace("NAME", NAME).replace("PEERS", ", ".join(peers)).replace("INTERFACE", interface).replace("VIP", vip)


def remove():
    """Takes the tables away that are there."""
    for family in ("inet", "netdev", "arp"):
        # Adding a table that exists is no error, deleting one that does not is.
        run("add table %s %s\ndelete table %s %s\n" % (family, NAME, family, NAME))


def main():
    remove()
    if len(sys.argv) == 1:
        return
    errors = []
    for rules in tables(sys.argv[1], sys.argv[2], sys.argv[3:]):
        error = run(rules)
        if error is None:
            return
        errors.append(error)
        remove()
    sys.exit("error: the host could not be cut off: " + "; ".join(errors))


main()
