#!/usr/bin/env bash
# Makes the file system that every host of the lab starts from: a bare server of the distribution with sshd, and no more.
# Runs inside the lab's network (packages come through the lab's own repository) and in a mount namespace of its own (whatever is
# mounted here vanishes with it, however it ends).
set -eu
umask 022

debootstrap --variant=minbase --keyring="$LAB_KEYRING" \
  --include=systemd,systemd-sysv,dbus,openssh-server,sudo,iproute2,ca-certificates,procps,kmod \
  "$LAB_SUITE" "$LAB_TARGET" "$LAB_ARCHIVE"

# Disposable: nobody misses a package database after a power cut.
echo force-unsafe-io >"$LAB_TARGET/etc/dpkg/dpkg.cfg.d/lab"
# Nothing to look up names at, and no mirror beside the lab's.
: >"$LAB_TARGET/etc/resolv.conf"
# A mirror may lag behind the dates in its own indexes. Who signed them is checked all the same.
printf 'Acquire::Check-Valid-Until "false";\nAcquire::Check-Date "false";\n' >"$LAB_TARGET/etc/apt/apt.conf.d/lab"
rm -f "$LAB_TARGET/etc/apt/sources.list"
root=$LAB_TARGET
[ -e "$root$LAB_KEYRING" ] || install -D -m 0644 "$LAB_KEYRING" "$root$LAB_KEYRING"
# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"
# The release with its updates, as far as the mirror has whole archives of them: what cannot be had now, no host could install either. What is to be fetched is
# fetched in here, where it fills the repository's cache.
mount -t proc proc "$root/proc"
whole=no
for suites in 0 1 2; do
  sources=LAB_APT_SOURCES_$suites
  [ -n "${!sources:-}" ] || continue
  printf '%s\n' "${!sources}" >"$root/etc/apt/sources.list.d/lab.sources"
  # shellcheck disable=SC2086 # a list
  if refresh && fetch dist-upgrade && fetch install --download-only --no-install-recommends $LAB_PACKAGES; then
    whole=yes
    break
  fi
  echo "=== incomplete: $(sed -n 's/^Suites: //p' "$root/etc/apt/sources.list.d/lab.sources" | tr '\n' ' ')"
done
[ "$whole" = yes ] || { echo "the packages of $LAB_SUITE cannot be had" >&2; exit 1; }
chroot "$root" apt-get clean
umount "$root/proc"

chroot "$LAB_TARGET" useradd --create-home --shell /bin/bash --uid "$LAB_UID" --user-group "$LAB_USER"
echo "$LAB_USER ALL=(ALL) NOPASSWD:ALL" >"$LAB_TARGET/etc/sudoers.d/lab"
chmod 0440 "$LAB_TARGET/etc/sudoers.d/lab"

# One host key, and each host its own: the lab brings it.
rm -f "$LAB_TARGET"/etc/ssh/ssh_host_*
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\nPasswordAuthentication no\n' >"$LAB_TARGET/etc/ssh/sshd_config.d/lab.conf"
: >"$LAB_TARGET/etc/machine-id"
# What has no console to sit at, or would run at times of its own and take the package manager's lock.
chroot "$LAB_TARGET" systemctl -q mask sshd-keygen.service console-getty.service getty@.service \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer fstrim.timer
mkdir -p "$LAB_TARGET/var/log/journal"
