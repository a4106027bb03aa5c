"""firewall-rules STATE online|offline ZONE INTERFACE SSH-PORT: makes ZONE hold exactly those of our rules that stand on stdin.

Run by firewall-apply with firewalld's own interpreter, which may be as old as Python 3.6. One process for all rules: each start of
firewall-cmd costs half a second. STATE is the list of the rules that are ours, so that foreign ones stay; a rule that was there
before us is not ours even when it is equal.
"""
import glob
import os
import subprocess
import sys
import xml.etree.ElementTree


def fail(text):
    sys.stderr.write("error: %s\n" % text)
    sys.exit(1)


def rich(line):
    """The rule as firewalld writes it."""
    words = line.split()
    if len(words) != 4 or words[2] != "from" or words[0] not in ("tcp", "protocol"):
        fail("firewall: no rule: %s" % line)
    what = (
        'port port="%s" protocol="tcp"' % words[1]
        if words[0] == "tcp"
        else 'protocol value="%s"' % words[1]
    )
    return 'rule family="ipv4" source address="%s" %s accept' % (words[3], what)


class Offline:
    """The configuration on disk while firewalld does not run: read here, changed by firewalld's own program, all in one call."""

    folders = ("/etc/firewalld", "/usr/lib/firewalld")

    def __init__(self, zone):
        self.zone = zone
        self.options = []

    def tree(self, zone):
        for folder in self.folders:
            path = "%s/zones/%s.xml" % (folder, zone)
            if os.path.exists(path):
                return xml.etree.ElementTree.parse(path).getroot()
        return fail("firewall: there is no zone %s" % zone)

    def zones(self):
        names = set()
        for folder in self.folders:
            names.update(os.path.basename(path)[:-4] for path in glob.glob(folder + "/zones/*.xml"))
        return sorted(names)

    def zone_of(self, interface):
        for zone in self.zones():
            if any(entry.get("name") == interface for entry in self.tree(zone).findall("interface")):
                return zone
        return ""

    def default_zone(self):
        try:
            with open(self.folders[0] + "/firewalld.conf") as file:
                for line in file:
                    if line.startswith("DefaultZone="):
                        return line.split("=", 1)[1].strip()
        except OSError:
            pass
        return "public"

    def settings(self):
        root = self.tree(self.zone)
        return {
            "target": [root.get("target", "default")],
            "services": [entry.get("name", "") for entry in root.findall("service")],
            "ports": ["%s/%s" % (entry.get("port"), entry.get("protocol")) for entry in root.findall("port")],
            "rules": [written(entry) for entry in root.findall("rule")],
        }

    def rules(self):
        return self.settings()["rules"]

    def seen(self):
        return self.rules()

    def add(self, rule):
        self.options.append("--add-rich-rule=" + rule)

    def remove(self, rule):
        self.options.append("--remove-rich-rule=" + rule)

    def add_port(self, port):
        self.options.append("--add-port=%s/tcp" % port)

    def commit(self):
        # One call takes one kind of option, as often as it likes; sshd's port first.
        for kind in ("--add-port=", "--add-rich-rule=", "--remove-rich-rule="):
            options = [option for option in self.options if option.startswith(kind)]
            if not options:
                continue
            done = subprocess.run(
                ["firewall-offline-cmd", "--zone=" + self.zone] + options,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                universal_newlines=True,
            )
            if done.returncode != 0:
                fail("firewall-offline-cmd: %s" % (done.stderr or done.stdout).strip())
        self.options = []

    def missing(self, wanted):
        present = self.rules()
        return [rule for rule in wanted if rule not in present]


def written(entry):
    """A rule of a zone's file in the form firewalld prints, for all that our own rules consist of."""
    words = ["rule"]
    if entry.get("family"):
        words.append('family="%s"' % entry.get("family"))
    for part in entry:
        words.append(part.tag)
        words.extend('%s="%s"' % (name, part.get(name)) for name in ("address", "name", "port", "protocol", "value") if part.get(name))
    return " ".join(words)


class Online:
    """The running firewalld: each change at once in what runs and in what is kept."""

    def __init__(self, zone):
        from firewall.client import FirewallClient

        self.zone = zone
        self.client = FirewallClient()
        self.config = self.client.config()
        self.changes = []

    def kept(self):
        return self.config.getZoneByName(self.zone)

    def zones(self):
        return [str(name) for name in self.config.getZoneNames()]

    def zone_of(self, interface):
        return str(self.client.getZoneOfInterface(interface) or "")

    def default_zone(self):
        return str(self.client.getDefaultZone())

    def rules(self):
        kept = self.kept().getSettings()
        return [str(rule) for rule in kept.getRichRules()]

    def settings(self):
        kept = self.kept().getSettings()
        return {
            "target": [str(kept.getTarget())],
            "services": [str(name) for name in kept.getServices()],
            "ports": ["%s/%s" % (entry[0], entry[1]) for entry in kept.getPorts()],
            "rules": [str(rule) for rule in kept.getRichRules()],
        }

    def seen(self):
        return self.rules() + [str(rule) for rule in self.client.getRichRules(self.zone)]

    def add(self, rule):
        self.changes.append(("add", rule))

    def remove(self, rule):
        self.changes.append(("remove", rule))

    def add_port(self, port):
        self.changes.append(("port", port))

    def commit(self):
        if not self.changes:
            return
        kept = self.kept()
        settings = kept.getSettings()
        for kind, value in self.changes:
            if kind == "add":
                if not settings.queryRichRule(value):
                    settings.addRichRule(value)
                if not self.client.queryRichRule(self.zone, value):
                    self.client.addRichRule(self.zone, value)
            elif kind == "remove":
                if settings.queryRichRule(value):
                    settings.removeRichRule(value)
                if self.client.queryRichRule(self.zone, value):
                    self.client.removeRichRule(self.zone, value)
            else:
                if not settings.queryPort(value, "tcp"):
                    settings.addPort(value, "tcp")
                if not self.client.queryPort(self.zone, value, "tcp"):
                    self.client.addPort(self.zone, value, "tcp")
        kept.update(settings)
        self.changes = []

    def missing(self, wanted):
        kept = self.kept().getSettings()
        return [
            rule
            for rule in wanted
            if not (kept.queryRichRule(rule) and self.client.queryRichRule(self.zone, rule))
        ]


def reachable(settings, port):
    """Whether the zone lets anyone reach sshd; a rule of the administrator's that names it counts: it may be narrow on purpose."""
    if "ACCEPT" in settings.get("target", []):
        return True
    if port == "22" and "ssh" in settings.get("services", []):
        return True
    for entry in settings.get("ports", []):
        numbers, _, protocol = entry.partition("/")
        first, _, last = numbers.partition("-")
        if protocol == "tcp" and int(first) <= int(port) <= int(last or first):
            return True
    named = ['port port="%s" protocol="tcp"' % port] + (['service name="ssh"'] if port == "22" else [])
    return any(name in rule for rule in settings.get("rules", []) for name in named)


def read_state(path):
    """Our rules, by zone: a line is ZONE, a tab, the rule."""
    try:
        with open(path) as file:
            return [tuple(line.rstrip("\n").split("\t", 1)) for line in file if "\t" in line]
    except OSError:
        return []


def write_state(path, entries):
    with open(path + ".new", "w") as file:
        for entry in sorted(set(entries)):
            file.write("%s\t%s\n" % entry)
        file.flush()
        os.fsync(file.fileno())
    os.rename(path + ".new", path)


def check_zone(firewall, zone, interface):
    if zone not in firewall.zones():
        fail("firewall: there is no zone %s; there are: %s" % (zone, ", ".join(sorted(firewall.zones()))))
    if interface == "-":
        return
    seen = firewall.zone_of(interface) or firewall.default_zone()
    if seen != zone:
        fail(
            "firewall: interface %s: expected in zone %s, seen in zone %s; set firewall.zone to %s, or move the interface"
            % (interface, zone, seen, seen)
        )


def main():
    state, mode, zone, interface, ssh = sys.argv[1:6]
    make = Online if mode == "online" else Offline
    firewall = make(zone)
    wanted = sorted(set(rich(line) for line in sys.stdin.read().splitlines() if line.strip()))
    if zone not in firewall.zones() and not wanted:
        wanted_here = False
    else:
        check_zone(firewall, zone, interface)
        wanted_here = True

    ours = read_state(state)
    removed = 0
    # Rules of a zone we were told to use before.
    for other in sorted(set(name for name, _ in ours if name != zone)):
        if other in firewall.zones():
            former = make(other)
            for name, rule in ours:
                if name == other and rule in former.seen():
                    former.remove(rule)
                    removed += 1
            former.commit()
    if not wanted_here:
        write_state(state, [])
        print("unchanged: no rules")
        return

    present = firewall.rules()
    mine = [rule for name, rule in ours if name == zone]
    stale = [rule for rule in mine if rule not in wanted and rule in firewall.seen()]
    missing = firewall.missing(wanted)
    # Ours are those we had and those that are not there yet. Noted before anything is done, so that a run cut off here forgets none.
    own = [rule for rule in wanted if rule in mine or rule not in present]
    write_state(state, ours + [(zone, rule) for rule in own])

    for rule in stale:
        firewall.remove(rule)
        removed += 1
    for rule in missing:
        firewall.add(rule)
    opened = ""
    if ssh != "-" and not reachable(firewall.settings(), ssh):
        firewall.add_port(ssh)
        opened = ", sshd's port %s opened" % ssh
    firewall.commit()
    lacking = firewall.missing(wanted)
    if lacking:
        fail("firewall: expected in zone %s, and not seen: %s" % (zone, "; ".join(lacking)))
    write_state(state, [(zone, rule) for rule in own])

    count = "%d rules in zone %s" % (len(wanted), zone)
    if missing or removed or opened:
        print("changed: %s: %d added, %d removed%s" % (count, len(missing), removed, opened))
    else:
        print("unchanged: " + count)


main()
