#!/bin/sh
# firewall-disable: firewalld stopped, and not started at boot. Its configuration stays.
set -eu
. /usr/local/lib/postgres-ha/lib

unit=firewalld.service
if ! systemctl cat "$unit" >/dev/null 2>&1; then
  say unchanged "there is no firewalld"
  exit 0
fi
if ! systemctl is-active --quiet "$unit" && [ "$(systemctl is-enabled "$unit" 2>/dev/null || true)" != enabled ]; then
  say unchanged "firewalld is stopped and disabled"
  exit 0
fi
systemctl disable --quiet --now "$unit"
if systemctl is-active --quiet "$unit"; then fail "firewalld on $(uname -n): expected it stopped, seen it running"; fi
say changed "firewalld stopped and disabled"
