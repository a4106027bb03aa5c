#!/usr/bin/env bash
# Runs one host of the lab: gives it a network, boots it, boots it again when it reboots, and ends when it is powered off or killed.
set -u
exec </dev/null >>"$LAB_LOG" 2>&1
echo "$$" >"$LAB_SUPERVISOR_CGROUP/cgroup.procs" || exit 1

# A fresh namespace at each boot, as addresses, firewall rules and network sysctls of a real host do not survive one either.
attach() {
  detach
  ip netns add "$HOST_NETNS" &&
    ip -n "$LAB_NETNS" link add "$HOST_LINK" type veth peer name "$HOST_INTERFACE" address "$HOST_MAC" netns "$HOST_NETNS" &&
    ip -n "$LAB_NETNS" link set "$HOST_LINK" master "$LAB_BRIDGE" up &&
    ip -n "$HOST_NETNS" link set lo up &&
    ip -n "$HOST_NETNS" address add "$HOST_ADDRESS" broadcast + dev "$HOST_INTERFACE" &&
    ip -n "$HOST_NETNS" link set "$HOST_INTERFACE" up
}

# The link goes first: whoever still holds the namespace must not be able to answer for the host.
detach() {
  ip -n "$LAB_NETNS" link delete "$HOST_LINK" 2>/dev/null
  ip netns delete "$HOST_NETNS" 2>/dev/null
  find "$HOST_CGROUP" -mindepth 1 -depth -type d -exec rmdir {} + 2>/dev/null
  return 0
}

boot() (
  echo "$BASHPID" >"$HOST_CGROUP/cgroup.procs" || exit 1
  # The guest's systemd knows the unified hierarchy only, whatever the machine uses; network sysctls are the guest's own to set.
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
  # As many open files as a server's services may ask for, however few the machine grants its own.
  # Not its own: the clock and the kernel modules are the machine's.
  exec systemd-nspawn --quiet --boot --settings=no --directory="$HOST_ROOT" --machine="$HOST_MACHINE" --hostname="$HOST_NAME" \
    --register=no --keep-unit --network-namespace-path="/run/netns/$HOST_NETNS" --capability=all \
    --rlimit=RLIMIT_NOFILE=1024:524288 --drop-capability=CAP_SYS_TIME,CAP_SYS_MODULE --resolv-conf=off --timezone=off --link-journal=no --console=read-only
)

while :; do
  attach || exit 1
  echo "--- boot $(date +%FT%T)"
  boot
  code=$?
  detach
  echo "--- ended with $code $(date +%FT%T)"
  # 133 is how a guest's reboot looks from here.
  [ "$code" -eq 133 ] || exit "$code"
done
