"""Packs the Python packages of a Debian release as wheels, so that pip can install them into a virtual environment.

usage: wheels.py DIRECTORY_OF_DEBS OUTPUT_DIRECTORY
"""

import base64
import hashlib
import io
import os
import pathlib
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile

# The distribution calls the driver by its source's name; what comes with its libraries inside is called otherwise where pip looks.
RENAMED = {"psycopg2": "psycopg2-binary"}

# Patroni's setup moves each optional requirement to its extra by name, and misses those that are listed once per Python version: every installation would want
# a Consul client.
MISPLACED = re.compile(r"^Requires-Dist: py-consul(?!.*extra ==).*\n", re.MULTILINE)

# Libraries that whoever runs Python has: the C library, and what Python's own modules load.
OF_THE_SYSTEM = re.compile(r"^(ld-linux.*|lib(c|m|dl|rt|pthread|resolv|util|z|ssl|crypto|gcc_s|stdc\+\+))\.so")


def metadata_of(info: pathlib.Path) -> str:
    """The package's metadata, with its requirements also where an egg keeps them in a file of their own."""
    if info.is_file():
        return info.read_text()
    if (info / "METADATA").exists():
        return (info / "METADATA").read_text()
    head, separator, body = (info / "PKG-INFO").read_text().partition("\n\n")
    requires = info / "requires.txt"
    if "Requires-Dist:" not in head and requires.exists():
        for line in requires.read_text().splitlines():
            if line.startswith("["):
                break  # extras: nothing here asks for them
            if line.strip():
                head += f"\nRequires-Dist: {line.strip()}"
    return head + separator + body


def field(metadata: str, name: str) -> str:
    return re.search(rf"^{name}: *(.+)$", metadata, re.MULTILINE).group(1).strip()


def dependencies_of(deb: pathlib.Path) -> list[str]:
    """The packages that a package depends on, of alternatives the first."""
    text = subprocess.run(["dpkg-deb", "-f", deb, "Depends"], capture_output=True, text=True, check=True).stdout
    return [re.split(r"[\s(:|]", entry.strip(), maxsplit=1)[0] for entry in text.split(",") if entry.strip()]


def name_of(deb: pathlib.Path) -> str:
    """The project's name as pip looks for it."""
    listing = subprocess.run(["dpkg-deb", "--fsys-tarfile", deb], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(listing)) as files:
        for member in files:
            if re.search(r"/dist-packages/[^/]+\.(egg|dist)-info(/(PKG-INFO|METADATA))?$", member.name) and member.isfile():
                name = field(files.extractfile(member).read().decode(), "Name")
                return RENAMED.get(name, name)
    raise SystemExit(f"{deb.name}: no Python project in it")


def bundle_libraries(tree: pathlib.Path, name: str) -> None:
    """Puts the shared libraries of extension modules beside them: the host that installs the wheel need not have them."""
    folder = tree / f"{name}.libs"
    for module in list(tree.rglob("*.so")):
        listing = subprocess.run(["ldd", module], capture_output=True, text=True, check=True).stdout
        if "not found" in listing:
            raise SystemExit(f"{module.name}: a library it needs is missing:\n{listing}")
        found = dict(re.findall(r"(\S+) => (/\S+)", listing))
        wanted = {soname: path for soname, path in found.items() if not OF_THE_SYSTEM.match(soname)}
        if not wanted:
            continue
        folder.mkdir(exist_ok=True)
        for soname, path in wanted.items():
            copy = folder / soname
            if not copy.exists():
                copy.write_bytes(pathlib.Path(path).read_bytes())
                subprocess.run(["patchelf", "--set-rpath", "$ORIGIN", copy], check=True)
        depth = len(module.relative_to(tree).parts) - 1
        rpath = "$ORIGIN/" + "../" * depth + folder.name
        subprocess.run(["patchelf", "--set-rpath", rpath, module], check=True)


def platform() -> str:
    """The platform's tag, with the C library's version: what is made with a newer one does not run on an older (PEP 600)."""
    major, minor = os.confstr("CS_GNU_LIBC_VERSION").split()[1].split(".")[:2]
    return f"manylinux_{major}_{minor}_{sysconfig.get_platform().split('-', 1)[1]}"


def pack(tree: pathlib.Path, info_name: str, output: pathlib.Path) -> None:
    records = []
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as wheel:

        def add(name: str, data: bytes) -> None:
            # One fixed time: the same packages make the same wheel.
            wheel.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)

        for path in sorted(tree.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                name, data = path.relative_to(tree).as_posix(), path.read_bytes()
                add(name, data)
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
                records.append(f"{name},sha256={digest},{len(data)}")
        records.append(f"{info_name}/RECORD,,")
        add(f"{info_name}/RECORD", ("\n".join(records) + "\n").encode())


def convert(deb: pathlib.Path, out: pathlib.Path, projects: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(["dpkg-deb", "-x", deb, temporary], check=True)
        tree = pathlib.Path(temporary) / "usr/lib/python3/dist-packages"
        infos = [path for path in tree.iterdir() if path.suffix in (".egg-info", ".dist-info")]
        if len(infos) != 1:
            raise SystemExit(f"{deb.name}: expected one Python project, found {len(infos)}")
        metadata = MISPLACED.sub("", metadata_of(infos[0]))
        name, version = field(metadata, "Name"), field(metadata, "Version")
        if name in RENAMED:
            metadata = re.sub(r"^Name: .*$", f"Name: {RENAMED[name]}", metadata, count=1, flags=re.MULTILINE)
            name = RENAMED[name]
        if "\nRequires-Dist:" not in metadata:
            # Older packagings move the requirements to the package's own.
            wanted = "".join(f"Requires-Dist: {projects[package]}\n" for package in dependencies_of(deb) if package in projects)
            metadata = re.sub(r"^Name: .*\n", lambda line: line.group() + wanted, metadata, count=1, flags=re.MULTILINE)
        entry_points = infos[0] / "entry_points.txt"
        entry_points = entry_points.read_text() if entry_points.exists() else None
        subprocess.run(["rm", "-rf", infos[0]], check=True)

        stem = re.sub(r"[-_.]+", "_", name).lower()
        binary = any(tree.rglob("*.so"))
        if binary:
            bundle_libraries(tree, stem)
        # No other release's Python takes it: each has its own version of the same project.
        python = f"cp{sys.version_info.major}{sys.version_info.minor}"
        tag = f"{python}-{python}-{platform()}" if binary else f"{python}-none-any"

        info = tree / f"{stem}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(metadata)
        pure = "false" if binary else "true"
        (info / "WHEEL").write_text(f"Wheel-Version: 1.0\nGenerator: lab\nRoot-Is-Purelib: {pure}\nTag: {tag}\n")
        if entry_points:
            (info / "entry_points.txt").write_text(entry_points)
        pack(tree, info.name, out / f"{stem}-{version}-{tag}.whl")
        print(f"{stem} {version}")


packages = sorted(pathlib.Path(sys.argv[1]).glob("*.deb"))
projects = {package.name.split("_")[0]: name_of(package) for package in packages}
for package in packages:
    convert(package, pathlib.Path(sys.argv[2]), projects)
