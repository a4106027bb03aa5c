#!/usr/bin/env bash
# Lists what source packages the mirror's releases have, and of some what packages, as apt has verified it. Runs like wheels.sh. A release that cannot be had
# is left out: the others may have what is wanted.
set -eu
# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

layer
for entry in $LAB_SUITES; do
  printf 'Types: deb deb-src\nURIs: http://%s/%s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
    "$LAB_GATEWAY" "${entry%%:*}" "${entry#*:}" "$LAB_KEYRING" >"$root/etc/apt/sources.list.d/lab.sources"
  refresh || continue
  printf '\n=== %s\n' "${entry#*:}"
  # shellcheck disable=SC2086 # a list
  chroot "$root" apt-cache showsrc --only-source $LAB_SOURCE_PACKAGES 2>/dev/null || true
  # shellcheck disable=SC2086 # a list
  chroot "$root" apt-cache show $LAB_BINARY_PACKAGES 2>/dev/null || true
  printf '\n'
done
