#!/bin/sh
# watchdog-apply required|automatic USER HOME: the watchdog's device is there, now and after a boot, and belongs to USER. Without a device,
# `required` fails and `automatic` says so. The files it works with have been written before. The device is never opened: that would start it.
set -eu
. /usr/local/lib/postgres-ha/lib

mode=$1 user=$2 home=$3
device=/dev/watchdog
unit=postgres-ha-watchdog.service
result=unchanged

# udev does not know a rule's user that does not exist, and drops the rule.
said=$("$PGHA_TOOLS/user-ensure" "$user" "$home")
case $said in changed*) result=changed ;; esac
systemctl daemon-reload
if [ "$(systemctl is-enabled "$unit" 2>/dev/null || true)" != enabled ]; then
  systemctl enable --quiet "$unit"
  result=changed
fi

# without TEXT: there is no usable device.
without() {
  if [ "$mode" = required ]; then
    fail "watchdog on $(uname -n): $1; or set patroni.watchdog to automatic or off"
  fi
  say "$result" "no watchdog on $(uname -n), Patroni goes on without: $1"
  exit 0
}

if [ ! -c "$device" ]; then
  if systemd-detect-virt --quiet --container; then without "a container has no device of its own; give it $device"; fi
  if ! seen=$(modprobe softdog 2>&1); then
    without "expected module softdog in kernel $(uname -r), seen: ${seen:-nothing}; install the package with the kernel's further modules (kernel-modules, linux-modules-extra)"
  fi
  result=changed
  appeared() { [ -c "$device" ]; }
  wait_until 5 "$device to appear" appeared || without "softdog is loaded and made no $device"
fi

# Another program that holds the device keeps Patroni from it.
for other in watchdog.service wd_keepalive.service; do
  if systemctl is-active --quiet "$other" 2>/dev/null; then without "$other holds $device; stop and disable it"; fi
done
systemd_holds=$(systemctl show -p RuntimeWatchdogUSec --value 2>/dev/null || true)
case ${systemd_holds:-0} in
  0 | infinity) ;;
  *) without "systemd itself uses the watchdog (RuntimeWatchdogSec is $systemd_holds); set it to 0 in /etc/systemd/system.conf" ;;
esac

owned() { [ "$(stat -c '%U %a' "$device")" = "$user 600" ] || { stat -c '%U %a' "$device"; return 1; }; }
if ! owned >/dev/null; then
  udevadm control --reload 2>/dev/null || true
  udevadm trigger --action=change --sysname-match=watchdog 2>/dev/null || true
  udevadm settle --timeout=5 2>/dev/null || true
  # Where no udev runs, nobody else sets it.
  if ! owned >/dev/null; then
    chown "$user:$user" "$device"
    chmod 0600 "$device"
  fi
  owned >/dev/null || fail "$device on $(uname -n): expected owner and mode $user 600, seen $(stat -c '%U %a' "$device")"
  result=changed
fi
identity=$(cat /sys/class/watchdog/watchdog0/identity 2>/dev/null || echo "a watchdog")
say "$result" "$device belongs to $user: $identity"
