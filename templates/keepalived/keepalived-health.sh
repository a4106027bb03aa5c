#!/bin/sh
# keepalived-health: succeeds when the service is active, its VRRP process runs, and a reload was not refused.
set -eu
. /usr/local/lib/postgres-ha/lib

systemctl is-active --quiet keepalived.service || fail "keepalived.service is $(systemctl is-active keepalived.service || true)"
# The parent reads the configuration and starts a child for VRRP; without one it found nothing to do.
main=$(systemctl show -p MainPID --value keepalived.service)
pgrep -P "$main" >/dev/null || fail "keepalived runs no VRRP process"
said=$(refused keepalived.service 'Unknown keyword|[Uu]nknown interface|[Nn]ot valid|[Ii]nvalid|FAULT STATE|is not accessible|disabling') || exit 0
fail "keepalived on $(uname -n) refuses its new configuration, or a part of it: $(printf '%s' "$said" | tail -n 3 | tr '\n' ';')"
