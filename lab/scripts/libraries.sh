#!/usr/bin/env bash
# Whether etcd compiles on the hosts' release with the Go libraries of a newer one; and the files by which a host's package manager finds those and nothing else
# of that release. Runs like wheels.sh.
set -eu
umask 022
# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

# choose PACKAGES: those of the newer release are taken, and nothing else of it. By the name it has for good (n) and the one that it has for now (a), whichever of
# them it is asked for by.
choose() {
  for field in n a; do
    printf 'Package: %s\nPin: release %s=%s\nPin-Priority: 990\n\n' "$1" "$field" "$LAB_SUITE"
    [ "$1" = '*' ] || printf 'Package: *\nPin: release %s=%s\nPin-Priority: -1\n\n' "$field" "$LAB_SUITE"
  done >"$LAB_OUT/etc/apt/preferences.d/lab-libraries"
  cp "$LAB_OUT/etc/apt/preferences.d/lab-libraries" "$root/etc/apt/preferences.d/"
}
# keep CONDITION: of the newer release's list what awk's condition holds for.
keep() {
  awk 'BEGIN { RS = ""; FS = "\n"; ORS = "\n\n" } { name = substr($1, 10) } name ~ /^golang-/ || '"$1" "$LAB_WORK/list" >"$list"
}
solvable() {
  # shellcheck disable=SC2086 # a list
  chroot "$root" apt-get install -s --no-install-recommends $LAB_PACKAGES >"$LAB_WORK/solution" 2>&1
}

layer
mkdir -p "$LAB_OUT/etc/apt/sources.list.d" "$LAB_OUT/etc/apt/preferences.d" "$LAB_OUT/var/lib/apt/lists"
printf '%s\n' "$LAB_SOURCES" >"$LAB_OUT/etc/apt/sources.list.d/lab-libraries.sources"
cp -r "$LAB_OUT/etc" "$root/"
choose 'golang-*'
refresh
# A host reads its lists at every question; of this one it needs a few packages alone.
for file in "$root"/var/lib/apt/lists/*_dists_"$LAB_SUITE"_*_Packages*; do
  list=${file%_Packages*}_Packages
  chroot "$root" /usr/lib/apt/apt-helper cat-file "${file#"$root"}" >"$LAB_WORK/list"
  rm "$file"
done
keep '/\nArchitecture: all\n/'
# The libraries may need what the hosts' own release does not have, or has too old. As few as can be, and none that is a machine's code: that would want the newer
# release's C library.
wanted=''
if ! solvable; then
  choose '*'
  solvable || true
  wanted=$(awk '$1 == "Inst" && $2 !~ /^golang-/ && /\[all\]/ { print $2 }' "$LAB_WORK/solution")
  for package in $wanted; do
    others=$(printf '%s\n' "$wanted" | grep -vxF "$package" || true)
    choose "golang-* $(printf '%s' "$others" | tr '\n' ' ')"
    if solvable; then wanted=$others; fi
  done
  choose "golang-* $(printf '%s' "$wanted" | tr '\n' ' ')"
fi
keep "index(\" $(printf '%s' "$wanted" | tr '\n' ' ') \", \" \" name \" \")"
rm -f "$root"/var/lib/apt/lists/*_dists_"$LAB_SUITE"_*_i18n_*
cp "$root"/var/lib/apt/lists/*_dists_"$LAB_SUITE"_* "$LAB_OUT/var/lib/apt/lists/"

# shellcheck disable=SC2086 # a list
fetch install --no-install-recommends $LAB_PACKAGES
mkdir "$root/compile"
mount --bind "$LAB_COMPILE" "$root/compile"
chroot "$root" sh /compile/compile.sh /compile "$LAB_VERSION" distribution "" "$(nproc)"
