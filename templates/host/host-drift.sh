#!/bin/sh
# host-drift [PATH]…: compares this host with what was written on it: every file of the manifest, every service that was applied, and that each PATH, a file
# that the stack has for this host, was written at all. One line per deviation; ends with 3 when there is any.
set -eu
. /usr/local/lib/postgres-ha/lib

deviations=$(mktemp)
trap 'rm -f "$deviations"' EXIT
trap 'exit 1' INT TERM HUP

drift() {
  printf 'drift: %s\n' "$1" | tee -a "$deviations"
}

if [ ! -f "$PGHA_STATE/manifest" ]; then
  drift "$PGHA_STATE/manifest is missing: nothing was applied to this host, or its memory of it is lost"
else
  while read -r sum mode owner path; do
    if [ ! -f "$path" ]; then
      drift "$path is missing"
      continue
    fi
    [ ! -L "$path" ] || drift "$path is a symbolic link"
    [ "$(file_sha "$path")" = "$sum" ] || drift "$path: content was changed"
    seen=$(stat -c '%a %U:%G' "$path")
    [ "${seen% *}" = "$mode" ] || drift "$path: expected mode $mode, seen ${seen% *}"
    [ "${seen#* }" = "$owner" ] || drift "$path: expected owner $owner, seen ${seen#* }"
  done <"$PGHA_STATE/manifest"
  for path in "$@"; do
    grep -q " $path\$" "$PGHA_STATE/manifest" || drift "$path was never written"
  done
fi

for record in "$PGHA_STATE"/applied/*.service; do
  [ -f "$record" ] || continue
  unit=${record##*/}
  state=$(systemctl is-enabled "$unit" 2>/dev/null || true)
  [ "$state" = enabled ] || drift "$unit: expected enabled, seen ${state:-no such unit}"
  state=$(systemctl is-active "$unit" 2>/dev/null || true)
  [ "$state" = active ] || drift "$unit: expected active, seen ${state:-no such unit}"
  pending=$(sed -n '1s/^pending \([a-z]*\).*/\1/p' "$record")
  if [ -n "$pending" ]; then
    drift "$unit: its last change ($pending) was not completed, what it runs with is not known; apply again"
    continue
  fi
  # The record holds what the service was last started or reloaded with; a file that was changed by hand is told above.
  while read -r _ sum path; do
    if grep -q " $path\$" "$PGHA_STATE/manifest" 2>/dev/null && ! grep -q "^$sum .* $path\$" "$PGHA_STATE/manifest"; then
      drift "$unit was not yet restarted or reloaded with the $path in place"
    fi
  done <"$record"
done

[ ! -s "$deviations" ] || exit 3
say unchanged "no drift"
