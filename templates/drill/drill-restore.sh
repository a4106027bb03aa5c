#!/bin/sh
# drill-restore: undoes what drill-fault did on this host, the last first. Run by the drill, and by a timer when the drill could not.
set -eu
. /usr/local/lib/postgres-ha/lib

list=/run/postgres-ha-drill
if [ ! -s "$list" ]; then
  say unchanged "nothing to restore"
  exit 0
fi
result=0
while [ -s "$list" ]; do
  line=$(tail -n 1 "$list")
  what=${line%% *}
  argument=${line#* }
  case $what in
    start) systemctl start "$argument" || result=1 ;;
    thaw) kill -CONT "$argument" 2>/dev/null || true ;;
    join) "$PGHA_TOOLS/drill-nft" || result=1 ;;
    wal) "$PGHA_TOOLS/drill-wal" restore "$argument" || result=1 ;;
  esac
  sed -i '$d' "$list"
done
rm -f "$list"
# Last, since it may be what runs this.
systemctl stop postgres-ha-drill.timer 2>/dev/null || true
[ "$result" -eq 0 ] || fail "not everything on $(hostname) could be restored, see above"
say changed "restored"
