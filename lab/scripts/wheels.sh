#!/usr/bin/env bash
# Makes the wheels the lab's Python index serves: Patroni from its source archive, what it needs from the distribution's own packages.
# Runs like base-image.sh, on a throw-away layer above the base image, which stays bare.
set -eu
umask 022

mkdir -p "$LAB_WORK/upper" "$LAB_WORK/work" "$LAB_WORK/root" "$LAB_OUT"
mount -t overlay overlay -o "lowerdir=$LAB_BASE,upperdir=$LAB_WORK/upper,workdir=$LAB_WORK/work" "$LAB_WORK/root"
root=$LAB_WORK/root
mount -t proc proc "$root/proc"

# The packages themselves are installed for the libraries they bring.
# shellcheck disable=SC2086 # a list
chroot "$root" apt-get install -y -q --no-install-recommends python3 python3-setuptools patchelf $LAB_PYTHON_PACKAGES
mkdir -p "$root/wheels/packages" "$root/wheels/source" "$root/wheels/out"
# shellcheck disable=SC2016,SC2086 # the inner shell expands, and the list is one
chroot "$root" sh -ec 'cd /wheels/packages && apt-get download -q "$@"' download $LAB_PYTHON_PACKAGES
tar -C "$root/wheels/source" --strip-components=1 -xf "$LAB_PATRONI_SOURCE"
# Its setup moves each optional requirement to its extra by name, and misses those that are listed once per Python version: every
# installation would want a Consul client.
sed -i '/^py-consul/d' "$root/wheels/source/requirements.txt"
cp "$LAB_SCRIPTS/wheels.py" "$root/wheels/"
chroot "$root" sh -ec 'cd /wheels/source && python3 -W ignore setup.py -q bdist_wheel --dist-dir /wheels/out'
chroot "$root" python3 /wheels/wheels.py /wheels/packages /wheels/out
cp "$root"/wheels/out/*.whl "$LAB_OUT/"
