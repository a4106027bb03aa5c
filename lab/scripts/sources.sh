#!/usr/bin/env bash
# Lists what source packages the archive has, as apt has verified it. Runs like wheels.sh.
set -eu

mkdir -p "$LAB_WORK/upper" "$LAB_WORK/work" "$LAB_WORK/root"
mount -t overlay overlay -o "lowerdir=$LAB_BASE,upperdir=$LAB_WORK/upper,workdir=$LAB_WORK/work" "$LAB_WORK/root"
root=$LAB_WORK/root
printf '%s\n' "$LAB_APT_SOURCES" >"$root/etc/apt/sources.list.d/lab.sources"
chroot "$root" apt-get update -q >&2
# shellcheck disable=SC2086 # a list
chroot "$root" apt-cache showsrc --only-source $LAB_SOURCE_PACKAGES
