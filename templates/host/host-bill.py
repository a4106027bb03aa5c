#!/usr/bin/python3
"""host-bill: prints what the stack has put on this host as one JSON object, for `./pgha bill`. On stdin: what that should be, as JSON.

host-bill NAME…: prints the packages of these names as they are installed, for the record of a build.
What should be there and is not stands under "missing". Nothing is changed.
"""
import email.parser
import functools
import glob
import hashlib
import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
from importlib.machinery import SourceFileLoader

TOOLS = os.path.dirname(os.path.abspath(__file__))
CACHE = "/var/cache/postgres-ha"
MARKER = "/var/lib/postgres-ha/etcd.installed"
sys.dont_write_bytecode = True
loader = SourceFileLoader("files", TOOLS + "/with-environment")
files = importlib.util.module_from_spec(importlib.util.spec_from_loader("files", loader))
loader.exec_module(files)
ENVIRONMENT = dict(os.environ, LC_ALL="C", PATH=files.PATH)

# What stands around the list of modules in every program that Go has built (runtime/debug).
MODULES = re.compile(
    bytes.fromhex("3077af0c9274080241e1c107e6d618e6") + b"(path\t.*?)" + bytes.fromhex("f932433186182072008242104116d8f2"), re.DOTALL)
# What select version() tells.
COMPILER = re.compile(rb"PostgreSQL [0-9][^\0]* on [^\0]*, compiled by ([^\0]*), [0-9]+-bit\0")
# Which archive the tools of a build would make of its options.
IDENTIFY = '. "$0/lib"; . "$0/artefact-lib"; . "$0/$1-lib"; name=$1; shift; artefact_options "$@"; "${name}_identify"; printf %s "$artefact_name"'

DEBIAN = "${db:Status-Status}\t${Package}\t${Version}\t0\t${Architecture}\t\t${Provides}\n"
RHEL = "[installed\t%{=NAME}\t%{=VERSION}-%{=RELEASE}\t%{=EPOCHNUM}\t%{=ARCH}\t%{=LICENSE}\t%{PROVIDENAME}\n]"


def run(command, may_fail=False):
    """Output of a command; its error text is raised when it fails, unless it may for a part of what it is asked."""
    done = subprocess.run(
        command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30, check=False)
    if done.returncode != 0 and not may_fail:
        raise OSError(done.stderr.decode(errors="replace").strip() or f"{command[0]} ended with {done.returncode}")
    return done.stdout.decode(errors="replace")


def read(path):
    with open(path, "rb") as file:
        return file.read()


def text(path):
    """A file's text; nothing when there is no such file."""
    return read(path).decode(errors="replace") if os.path.exists(path) else ""


def system():
    names = dict(line.partition("=")[::2] for line in text("/etc/os-release").splitlines())
    return {name: names.get(key, "").strip("\"'") for name, key in (
        ("id", "ID"), ("like", "ID_LIKE"), ("version", "VERSION_ID"), ("title", "PRETTY_NAME"))}


@functools.lru_cache(maxsize=None)
def is_debian():
    """Which package manager is the host's own: it may have that of the other family as well."""
    release = system()
    return bool({"debian", "ubuntu"} & {release["id"], *release["like"].split()})


@functools.lru_cache(maxsize=None)
def installed():
    """The installed packages by name, one for each architecture, and the names of those that provide a name."""
    found, providers = {}, {}
    for line in run(["dpkg-query", "-W", "-f", DEBIAN] if is_debian() else ["rpm", "-qa", "--qf", RHEL]).splitlines():
        status, name, version, epoch, architecture, licence, provides = line.split("\t")
        if status == "installed":
            package = {"name": name, "version": version, "epoch": epoch, "architecture": architecture, "licence": licence}
            if package not in found.setdefault(name, []):
                found[name].append(package)
            for other in re.sub(r"\([^)]*\)", "", provides).replace(" ", "").split(","):
                providers.setdefault(other, set()).add(name)
    return found, providers


def packages(names):
    """The installed packages that have these names, or else provide them; and the names that none does."""
    found, providers = installed()
    chosen = {name: {name} if name in found else providers.get(name, set()) for name in names}
    wanted = sorted({package for those in chosen.values() for package in those})
    return [package for name in wanted for package in found[name]], [name for name in names if not chosen[name]]


def libraries(folder):
    """The packages of the libraries that the programs below a folder are linked with, as this host finds them."""
    linked = re.findall(r"=> (/\S+)", run(["ldd"] + glob.glob(folder + "/bin/*") + glob.glob(folder + "/lib/*.so*"), may_fail=True))
    paths = sorted({os.path.realpath(path) for path in linked})
    if not paths:
        return []
    if is_debian():
        # Packages know their files by the path before or after the merge of /lib into /usr/lib.
        paths += [path[len("/usr"):] for path in paths if path.startswith("/usr/")]
        names = re.findall(r"(?m)^([^ :,]+)[^ ]*: /", run(["dpkg-query", "-S"] + paths, may_fail=True))
    else:
        names = run(["rpm", "-qf", "--qf", "%{NAME}\n"] + paths, may_fail=True).splitlines()
    return packages(sorted({name for name in names if " " not in name}))[0]


def built_with(program, version, recipe):
    """The packages that a build was made with, where this host has made it."""
    records = glob.glob(f"{CACHE}/{program}-{glob.escape(version)}-*-{recipe}.tar.gz.packages")
    return json.loads(text(records[0])) if records else []


def identify(program, options):
    return run(["sh", "-euc", IDENTIFY, TOOLS, program] + options)


def postgres(prefix, options):
    """The builds beside the prefix: the one it leads to, and any that a server which was started before still runs."""
    wanted = identify("postgres", options).rpartition("-")[2]
    builds = []
    for mark in sorted(glob.glob(glob.escape(prefix) + "-*-*/.postgres-ha")):
        folder = os.path.dirname(mark)
        recipe = folder.rpartition("-")[2]
        program = read(folder + "/bin/postgres")
        version = run([folder + "/bin/postgres", "--version"]).split()[2]
        compiler = COMPILER.search(program)
        builds.append({
            "path": folder,
            "used": os.path.realpath(prefix) == os.path.realpath(folder),
            "asWanted": recipe == wanted,
            "version": version,
            "sha256": hashlib.sha256(program).hexdigest(),
            "flags": shlex.split(run([folder + "/bin/pg_config", "--configure"])),
            "compiler": compiler.group(1).decode() if compiler else None,
            "libraries": libraries(folder),
            "builtWith": built_with("postgresql", version, recipe),
        })
    return builds


def modules(program):
    """The Go modules in a program; those that lie in its own source are part of it."""
    found = []
    listed = MODULES.search(program)
    for line in listed.group(1).decode(errors="replace").splitlines() if listed else []:
        words = line.split("\t")
        if words[0] == "=>":
            found.pop()
        if words[0] in ("dep", "=>") and not words[1].startswith((".", "/")):
            found.append({"name": words[1], "version": words[2]})
    return found


def etcd(method, options):
    program = "/usr/local/bin/etcd"
    if not os.path.exists(program):
        return None
    content = read(program)
    facts = dict(line.split(": ", 1) for line in run([program, "--version"]).splitlines() if ": " in line)
    version = facts["etcd Version"]
    name, _, recorded = text(MARKER).strip().partition(" ")
    if method == "source":
        wanted = identify("etcd", options)
    else:
        wanted = f"etcd-{options[1]}-release-{options[3][:12]}"
    return {
        "path": program,
        # The record holds for the programs that it was written for.
        "asWanted": name == wanted and recorded == hashlib.sha256(content + read("/usr/local/bin/etcdctl")).hexdigest(),
        "version": version,
        "sha256": hashlib.sha256(content).hexdigest(),
        "go": facts.get("Go Version", "").replace("go", "", 1),
        "modules": modules(content),
        "builtWith": built_with("etcd", version, name.rpartition("-")[2]),
    }


def python(environment):
    """The Python packages of a virtual environment. What pip has installed by a package's own script has an egg-info in place of a dist-info."""
    found = []
    for pattern in ("*.dist-info/METADATA", "*.egg-info/PKG-INFO"):
        for path in sorted(glob.glob(f"{glob.escape(environment)}/lib/python*/site-packages/{pattern}")):
            facts = email.parser.HeaderParser().parsestr(text(path))
            found.append({"name": facts["Name"], "version": facts["Version"], "licence": facts["License-Expression"]})
    return found


def main():
    if sys.argv[1:]:
        print(json.dumps(packages(sys.argv[1:])[0], sort_keys=True))
        return
    question = json.load(sys.stdin)
    found, missing = packages(question["packages"])
    report = {"system": system(), "packages": found, "postgres": postgres(question["prefix"], question["postgres"])}
    if not any(build["used"] for build in report["postgres"]):
        missing.append("PostgreSQL at " + question["prefix"])
    if question.get("etcd"):
        report["etcd"] = etcd(question["etcdMethod"], question["etcd"])
        if not report["etcd"]:
            missing.append("etcd at /usr/local/bin")
    if question.get("patroni"):
        report["python"] = python(question["patroni"])
        if not any(package["name"] == "patroni" for package in report["python"]):
            missing.append("Patroni at " + question["patroni"])
    print(json.dumps(dict(report, missing=missing), sort_keys=True))


try:
    main()
except (OSError, subprocess.SubprocessError) as problem:
    sys.exit(f"error: {problem}")
