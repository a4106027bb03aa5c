#!/usr/bin/env bash
# Makes the wheels the lab's Python index serves: Patroni from its source archive, what it needs from the distribution's own packages.
# Runs like base-image.sh, on a throw-away layer above the base image, which stays bare.
set -eu
umask 022

# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

layer
mkdir -p "$LAB_OUT"

# missing: those of the packages that no known index names.
missing() {
  for package in $LAB_PYTHON_PACKAGES; do
    chroot "$root" apt-cache show "$package" >/dev/null 2>&1 || printf '%s\n' "$package"
  done
}

# What the release does not have yet comes from the nearest that has it: those packages are all Python and no machine's code.
for suite in $LAB_NEWER; do
  wanted=$(missing)
  [ -n "$wanted" ] || break
  printf 'Types: deb\nURIs: http://%s/debian\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
    "$LAB_GATEWAY" "$suite" "$LAB_KEYRING" >"$root/etc/apt/sources.list.d/newer.sources"
  printf 'Package: *\nPin: release a=%s\nPin-Priority: -1\n\nPackage: %s\nPin: release a=%s\nPin-Priority: 100\n' \
    "$suite" "$(printf '%s' "$wanted" | tr '\n' ' ')" "$suite" >"$root/etc/apt/preferences.d/newer"
  refresh || rm "$root/etc/apt/sources.list.d/newer.sources"
done

# The packages themselves are installed for the libraries they bring.
# shellcheck disable=SC2086 # a list
fetch install --no-install-recommends python3 python3-setuptools python3-wheel patchelf $LAB_PYTHON_PACKAGES
mkdir -p "$root/wheels/packages" "$root/wheels/source" "$root/wheels/out"
# shellcheck disable=SC2016,SC2086 # the inner shell expands, and the list is one
chroot "$root" sh -ec 'cd /wheels/packages && apt-get download -q "$@"' download $LAB_PYTHON_PACKAGES
cp "$LAB_SCRIPTS/wheels.py" "$root/wheels/"
case $LAB_PATRONI in
  *.deb) cp "$LAB_PATRONI" "$root/wheels/packages/" ;;
  *)
    tar -C "$root/wheels/source" --strip-components=1 -xf "$LAB_PATRONI"
    # See MISPLACED in wheels.py.
    sed -i '/^py-consul/d' "$root/wheels/source/requirements.txt"
    # For the release's own Python, as wheels.py tags the others.
    python=$(chroot "$root" python3 -c 'import sys; print(*sys.version_info[:2], sep="")')
    chroot "$root" sh -ec "cd /wheels/source && python3 -W ignore setup.py -q bdist_wheel --dist-dir /wheels/out --python-tag cp$python"
    ;;
esac
chroot "$root" python3 /wheels/wheels.py /wheels/packages /wheels/out
cp "$root"/wheels/out/*.whl "$LAB_OUT/"
