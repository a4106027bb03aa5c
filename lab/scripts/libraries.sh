#!/usr/bin/env bash
# Whether etcd compiles on the hosts' release with the Go libraries of a newer one; and the files by which a host's package manager finds those and nothing else
# of that release. Runs like wheels.sh.
set -eu
umask 022
# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

layer
mkdir -p "$LAB_OUT/etc/apt/sources.list.d" "$LAB_OUT/etc/apt/preferences.d" "$LAB_OUT/var/lib/apt/lists"
printf '%s\n' "$LAB_SOURCES" >"$LAB_OUT/etc/apt/sources.list.d/lab-libraries.sources"
# By the name it has for good (n) and the one that it has for now (a), whichever of them it is asked for by.
for field in n a; do
  printf 'Package: *\nPin: release %s=%s\nPin-Priority: -1\n\nPackage: golang-*\nPin: release %s=%s\nPin-Priority: 990\n\n' \
    "$field" "$LAB_SUITE" "$field" "$LAB_SUITE"
done >"$LAB_OUT/etc/apt/preferences.d/lab-libraries"
cp -r "$LAB_OUT/etc" "$root/"
refresh
# A host reads its lists at every question; of this one it needs the libraries alone.
for list in "$root"/var/lib/apt/lists/*_dists_"$LAB_SUITE"_*; do
  case $list in
    *_Packages*)
      plain=${list%_Packages*}_Packages
      chroot "$root" /usr/lib/apt/apt-helper cat-file "${list#"$root"}" |
        awk 'BEGIN { RS = ""; ORS = "\n\n" } /^Package: golang-/' >"$LAB_OUT/var/lib/apt/lists/${plain##*/}"
      ;;
    *) cp "$list" "$LAB_OUT/var/lib/apt/lists/" ;;
  esac
done

# shellcheck disable=SC2086 # a list
fetch install --no-install-recommends $LAB_PACKAGES
mkdir "$root/compile"
mount --bind "$LAB_COMPILE" "$root/compile"
chroot "$root" sh /compile/compile.sh /compile "$LAB_VERSION" distribution "" "$(nproc)"
