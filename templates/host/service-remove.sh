#!/bin/sh
# service-remove UNIT: stops and disables it; its data stays.
set -eu
. /usr/local/lib/postgres-ha/lib

unit=$1
rm -f "$PGHA_STATE/applied/$unit" "$PGHA_STATE/joined/$unit"
if ! systemctl cat "$unit" >/dev/null 2>&1; then
  say unchanged "there is no $unit"
  exit 0
fi
systemctl disable --quiet --now "$unit" || fail "$unit could not be stopped and disabled"
say changed "$unit stopped and disabled"
