#!/usr/bin/env bash
# vm-kvm KERNEL: succeeds when a kernel gets to its first words under KVM. That its device is there proves little inside another virtual machine.
set -u
[ -c /dev/kvm ] || exit 1
timeout --kill-after=1 10 qemu-system-x86_64 -nodefaults -no-user-config -display none -machine pc -accel kvm -cpu max -m 256 -no-reboot \
  -kernel "$1" -append "console=ttyS0 panic=-1" -serial stdio </dev/null 2>&1 | grep -q -m 1 "Linux version"
