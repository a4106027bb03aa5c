#!/usr/bin/env bash
# Sourced by the scripts that ask the lab's repository for packages.

# A mirror that is being updated may name files it does not have yet, or have lost those it named before. The repository looks for a newer index
# whenever it misses one, so the second time may go well.
refresh() {
  chroot "$root" apt-get update -q --error-on=any >&2 || { sleep 2; chroot "$root" apt-get update -q --error-on=any >&2; }
}

# fetch ARGUMENT…: apt-get with what it was asked for, once more after a refresh.
fetch() {
  chroot "$root" apt-get -y -q "$@" >&2 || { refresh && chroot "$root" apt-get -y -q "$@" >&2; }
}

# layer: a throw-away layer above the base image, which stays bare.
layer() {
  root=$LAB_WORK/root
  mkdir -p "$LAB_WORK/upper" "$LAB_WORK/work" "$root"
  mount -t overlay overlay -o "lowerdir=$LAB_BASE,upperdir=$LAB_WORK/upper,workdir=$LAB_WORK/work" "$root"
  mount -t proc proc "$root/proc"
}
