#!/bin/sh
# watchdog-remove: takes back what watchdog-apply has done; the files it worked with go by themselves. A device in use stays until the next boot.
set -eu
. /usr/local/lib/postgres-ha/lib

unit=postgres-ha-watchdog.service
if systemctl cat "$unit" >/dev/null 2>&1; then
  systemctl disable --quiet --now "$unit" || true
fi
modprobe -r softdog 2>/dev/null || true
if [ -c /dev/watchdog ]; then
  chown root:root /dev/watchdog
  chmod 0600 /dev/watchdog
fi
say changed "the watchdog is given back"
