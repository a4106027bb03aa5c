#!/bin/sh
# watchdog-remove: takes back what watchdog-apply has done; the files it worked with go by themselves. A device in use stays until the next boot.
set -eu
. /usr/local/lib/postgres-ha/lib

unit=postgres-ha-watchdog.service
result=unchanged
if [ "$(systemctl is-enabled "$unit" 2>/dev/null || true)" = enabled ]; then
  systemctl disable --quiet --now "$unit" || true
  result=changed
fi
if grep -q "^softdog " /proc/modules && modprobe -r softdog 2>/dev/null; then result=changed; fi
if [ -c /dev/watchdog ] && [ "$(stat -c '%U %a' /dev/watchdog)" != 'root 600' ]; then
  chown root:root /dev/watchdog
  chmod 0600 /dev/watchdog
  result=changed
fi
say "$result" "the watchdog is given back"
