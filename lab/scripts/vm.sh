#!/usr/bin/env bash
# Runs one virtual machine of the lab until it is powered off or killed. It boots again by itself, whoever resets it: its watchdog too.
set -u
exec </dev/null >>"$LAB_LOG" 2>&1
echo "$$" >"$LAB_SUPERVISOR_CGROUP/cgroup.procs" || exit 1

attach() {
  detach
  ip -n "$LAB_NETNS" tuntap add dev "$HOST_LINK" mode tap &&
    ip -n "$LAB_NETNS" link set "$HOST_LINK" master "$LAB_BRIDGE" up
}

detach() {
  ip -n "$LAB_NETNS" link delete "$HOST_LINK" 2>/dev/null
  return 0
}

# What the mitigations guard against is not in here, and on an emulated processor they cost half of its speed.
# Writes are cached as a disk caches them: what the guest has flushed is on the machine's own disk.
boot() (
  echo "$BASHPID" >"$HOST_CGROUP/cgroup.procs" || exit 1
  exec nsenter --net="/run/netns/$LAB_NETNS" qemu-system-x86_64 -name "$HOST_MACHINE" -nodefaults -no-user-config -display none \
    -machine pc -accel "$HOST_ACCELERATOR" -cpu max -smp "$HOST_CORES" -m "$HOST_MEMORY" -rtc base=utc,clock=host \
    -kernel "$HOST_FOLDER/vmlinuz" -initrd "$HOST_FOLDER/initrd.img" -append "root=/dev/vda rw console=ttyS0 panic=1 quiet loglevel=4 mitigations=off" \
    -drive "file=$HOST_FOLDER/disk.img,format=raw,if=none,id=root,cache=writeback" -device virtio-blk-pci,drive=root \
    -netdev "tap,id=net,ifname=$HOST_LINK,script=no,downscript=no" -device "virtio-net-pci,netdev=net,mac=$HOST_MAC,romfile=" \
    -device virtio-rng-pci -chardev "file,id=console,path=$LAB_LOG,append=on" -serial chardev:console
)

attach || exit 1
echo "--- boot ($HOST_ACCELERATOR) $(date +%FT%T)"
boot
code=$?
detach
echo "--- ended with $code $(date +%FT%T)"
exit "$code"
