#!/usr/bin/env bash
# Whether etcd compiles on the hosts' release with the Go libraries of a newer one; and the files by which a host's package manager finds those and nothing else
# of that release. Runs like wheels.sh.
set -eu
umask 022
# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

# prefer PRIORITY PACKAGES: what of the newer release is taken before the hosts' own, and with what priority the rest. By the name it has for good (n) and the one
# that it has for now (a), whichever of them it is asked for by.
prefer() {
  for field in n a; do
    printf 'Package: *\nPin: release %s=%s\nPin-Priority: %s\n\nPackage: %s\nPin: release %s=%s\nPin-Priority: 990\n\n' \
      "$field" "$LAB_SUITE" "$1" "$2" "$field" "$LAB_SUITE"
  done >"$LAB_OUT/etc/apt/preferences.d/lab-libraries"
  cp "$LAB_OUT/etc/apt/preferences.d/lab-libraries" "$root/etc/apt/preferences.d/"
}

layer
mkdir -p "$LAB_OUT/etc/apt/sources.list.d" "$LAB_OUT/etc/apt/preferences.d" "$LAB_OUT/var/lib/apt/lists"
printf '%s\n' "$LAB_SOURCES" >"$LAB_OUT/etc/apt/sources.list.d/lab-libraries.sources"
cp -r "$LAB_OUT/etc" "$root/"
# The libraries may need what the hosts' own release does not have at all.
prefer 1 'golang-*'
refresh
# shellcheck disable=SC2086 # a list
needed=$(chroot "$root" apt-get install -s --no-install-recommends $LAB_PACKAGES | awk '$1 == "Inst" && $2 !~ /^golang-/ { print $2 }')
prefer -1 'golang-*'
wanted='golang-*'
for package in $needed; do
  if chroot "$root" apt-cache policy "$package" | grep -q 'Candidate: (none)'; then wanted="$wanted $package"; fi
done
prefer -1 "$wanted"
# A host reads its lists at every question; of this one it needs those packages alone.
for list in "$root"/var/lib/apt/lists/*_dists_"$LAB_SUITE"_*; do
  case $list in
    *_Packages*)
      plain=${list%_Packages*}_Packages
      chroot "$root" /usr/lib/apt/apt-helper cat-file "${list#"$root"}" |
        awk -v wanted=" $wanted " 'BEGIN { RS = ""; FS = "\n"; ORS = "\n\n" } { name = substr($1, 10) } name ~ /^golang-/ || index(wanted, " " name " ")' \
          >"$LAB_OUT/var/lib/apt/lists/${plain##*/}"
      ;;
    *) cp "$list" "$LAB_OUT/var/lib/apt/lists/" ;;
  esac
done

# shellcheck disable=SC2086 # a list
fetch install --no-install-recommends $LAB_PACKAGES
mkdir "$root/compile"
mount --bind "$LAB_COMPILE" "$root/compile"
chroot "$root" sh /compile/compile.sh /compile "$LAB_VERSION" distribution "" "$(nproc)"
