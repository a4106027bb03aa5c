#!/bin/sh
# postgres-compile FOLDER PREFIX CORES FLAG…: compiles FOLDER/source.tar.bz2, with contrib, to FOLDER/result.tar.gz, whose top is the content of
# PREFIX. Runs as the build user in a unit of its own; artefact-lib starts it.
set -eu
folder=$1 prefix=$2 cores=$3
shift 3

# A host may have nothing run that lies in /tmp.
export HOME="$folder" TMPDIR="$folder/tmp" LC_ALL=C
mkdir -p "$folder/tmp" "$folder/source" "$folder/object" "$folder/root"
tar -C "$folder/source" --strip-components=1 -xjf "$folder/source.tar.bz2"
cd "$folder/object"
echo "configure --prefix=$prefix $*"
"$folder/source/configure" --quiet --prefix="$prefix" "$@"
echo "make -j$cores"
make --silent -j"$cores" world-bin
echo "make install"
make --silent install-world-bin DESTDIR="$folder/root"

result=$folder/root$prefix
echo "strip"
# A script is no ELF file, and strip says so with an error: only what strip knows is stripped.
find "$result" -type f \( -path '*/bin/*' -o -name '*.so' -o -name '*.so.*' \) | while read -r file; do
  case $(head -c 4 "$file" | tr -d '\0') in *ELF) strip --strip-unneeded "$file" ;; esac
done

# owner FILE: the package of a file. dpkg tells of a diversion also where it knows no owner by that path.
owner() {
  dpkg-query -S "$1" 2>/dev/null | grep -v '^diversion ' | head -n 1 | cut -d: -f1 | grep .
}
# The libraries it needs at run time, by package: names differ between releases of a distribution, so they are looked up where it was built.
find "$result" -type f \( -path '*/bin/*' -o -name '*.so' \) -exec ldd {} + 2>/dev/null |
  awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | sort -u | grep -v "^$prefix/" | while read -r library; do
  if command -v dpkg-query >/dev/null 2>&1; then
    # Packages know their files by the path before or after the merge of /lib into /usr/lib.
    owner "$library" || owner "$(readlink -f "$library")" || owner "/usr$library" || true
  else
    rpm -qf --queryformat '%{NAME}\n' "$library" 2>/dev/null || true
  fi
done | sort -u >"$folder/packages"
mv "$folder/packages" "$result/.runtime-packages"

tar -C "$result" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - . | gzip -n >"$folder/result.part"
mv -f "$folder/result.part" "$folder/result.tar.gz"
echo "done"
