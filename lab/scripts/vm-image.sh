#!/usr/bin/env bash
# Makes the layer that a virtual machine has above the base image: what a container takes from the machine, which is a kernel, its devices, a clock
# and a network. Runs like wheels.sh; the layer alone is kept.
set -eu
umask 022

# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

layer
# The kernel alone comes from the other release; what it depends on is the hosts' own.
printf '%s\n' "$LAB_KERNEL_SOURCES" >"$root/etc/apt/sources.list.d/kernel.sources"
printf 'Package: *\nPin: release n=%s*\nPin-Priority: 100\n' "$LAB_KERNEL_SUITE" >"$root/etc/apt/preferences.d/kernel"
# The root file system is on a virtio disk and nowhere else; the kernel knows ext4 by itself. Packing would cost more time than it saves.
mkdir -p "$root/etc/initramfs-tools/conf.d"
printf 'MODULES=list\nCOMPRESS=cat\nRESUME=none\n' >"$root/etc/initramfs-tools/conf.d/lab"
printf 'virtio_pci\nvirtio_blk\n' >"$root/etc/initramfs-tools/modules"
# Nothing is started in here.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
refresh || true # an archive may lack one of the suites; what counts is whether a kernel is had
# The newest that can be had: an index may name one whose file is not there yet.
had=no
for version in $(chroot "$root" apt-cache madison linux-image-cloud-amd64 | awk -v suite="$LAB_KERNEL_SUITE" '$0 ~ suite { print $3 }' | sort -Vru); do
  if fetch install --no-install-recommends udev systemd-timesyncd initramfs-tools "linux-image-cloud-amd64=$version"; then
    had=yes
    break
  fi
done
[ "$had" = yes ] || { echo "no kernel of $LAB_KERNEL_SUITE can be had" >&2; exit 1; }
rm "$root/usr/sbin/policy-rc.d" "$root/etc/apt/sources.list.d/kernel.sources" "$root/etc/apt/preferences.d/kernel"
chroot "$root" apt-get clean
find "$root/var/lib/apt/lists" -name "*_${LAB_KERNEL_SUITE}*" -delete

# The address is set once, as the machine sets a container's, and then left alone by whatever could manage networks. Before the clock is: a first
# question that gets nowhere is followed by the next one a minute later.
cat >"$root/etc/systemd/system/lab-network@.service" <<'UNIT'
[Unit]
Description=The lab's address on %I
DefaultDependencies=no
BindsTo=sys-subsystem-net-devices-%i.device
After=sys-subsystem-net-devices-%i.device
Before=network.target systemd-timesyncd.service
Wants=network.target

[Service]
Type=oneshot
RemainAfterExit=yes
EnvironmentFile=/etc/lab-network
ExecStart=/usr/bin/ip address replace ${ADDRESS} broadcast + dev %I
ExecStart=/usr/bin/ip link set %I up

[Install]
WantedBy=sysinit.target
UNIT
mkdir -p "$root/etc/systemd/timesyncd.conf.d" "$root/etc/systemd/system/ssh.service.d"
printf '[Time]\nNTP=%s\nFallbackNTP=\nConnectionRetrySec=1\nPollIntervalMaxSec=64\n' "$LAB_GATEWAY" >"$root/etc/systemd/timesyncd.conf.d/lab.conf"
# Whoever dials before users are let in is shut out by sshd for a while.
printf '[Unit]\nAfter=systemd-user-sessions.service\n' >"$root/etc/systemd/system/ssh.service.d/lab.conf"
chroot "$root" systemctl -q enable systemd-timesyncd.service
# An emulated processor that must share a real one finds its network card after minutes, and starts its services no sooner.
mkdir -p "$root/etc/systemd/system.conf.d"
printf '[Manager]\nDefaultDeviceTimeoutSec=15min\nDefaultTimeoutStartSec=15min\n' >"$root/etc/systemd/system.conf.d/lab.conf"
# The console is a log.
chroot "$root" systemctl -q mask serial-getty@.service
umount "$root/proc"
umount "$root"
mv "$LAB_WORK/upper" "$LAB_OUT"
