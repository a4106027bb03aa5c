#!/bin/sh
# drill-restore: undoes what drill-fault did on this host, the last first. Run by the drill, and by a timer when the drill could not. What fails stays
# on the list, for the next run.
set -eu
. /usr/local/lib/postgres-ha/lib

list=/run/postgres-ha-drill
if [ ! -s "$list" ]; then
  say unchanged "nothing to restore"
  exit 0
fi
undo() { # WHAT ARGUMENT
  case $1 in
    start) systemctl start "$2" ;;
    release) ! systemctl is-active --quiet "$2" || systemctl stop "$2" ;;
    # A process that is gone stands still no more.
    thaw) kill -CONT "$2" 2>/dev/null || true ;;
    join) "$PGHA_TOOLS/drill-nft" ;;
    wal) "$PGHA_TOOLS/drill-wal" restore "$2" ;;
    *) printf 'error: drill-restore: nobody knows how to undo %s\n' "$1" >&2; return 1 ;;
  esac
}
number=$(wc -l <"$list")
while [ "$number" -gt 0 ]; do
  line=$(sed -n "${number}p" "$list")
  if undo "${line%% *}" "${line#* }"; then sed -i "${number}d" "$list"; fi
  number=$((number - 1))
done
[ ! -s "$list" ] || fail "not everything on $(uname -n) could be restored, see above; still to be undone: $(paste -s -d, - <"$list")"
rm -f "$list"
# Last, since it may be what runs this.
systemctl stop postgres-ha-drill.timer 2>/dev/null || true
say changed "restored"
