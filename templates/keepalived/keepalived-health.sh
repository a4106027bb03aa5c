#!/bin/sh
# keepalived-health: succeeds when the service is active and its VRRP process runs.
set -eu
. /usr/local/lib/postgres-ha/lib

systemctl is-active --quiet keepalived.service || fail "keepalived.service is $(systemctl is-active keepalived.service || true)"
# The parent reads the configuration and starts a child for VRRP; without one it found nothing to do.
main=$(systemctl show -p MainPID --value keepalived.service)
pgrep -P "$main" >/dev/null || fail "keepalived runs no VRRP process"
