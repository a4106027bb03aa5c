#!/bin/sh
# drill-wal prepare|fill|restore DATA: gives the replica's WAL a file system of its own of bounded size, fills that, and puts all back. Filling the one
# the host lives on would hurt whatever else does.
set -eu
. /usr/local/lib/postgres-ha/lib

action=$1 data=$2
wal=$data/pg_wal kept=$data.drill-wal
mounted() { mountpoint -q "$wal"; }

case $action in
  prepare)
    if mounted; then say unchanged "$wal has its own file system"; exit 0; fi
    systemctl stop patroni.service
    size=$(du -sm "$wal" | cut -f1)
    mv "$wal" "$kept"
    install -d -o postgres -g postgres -m 0700 "$wal"
    mount -t tmpfs -o "size=$((size + 96))m,mode=0700,uid=postgres,gid=postgres" drill-wal "$wal" || {
      rmdir "$wal"
      mv "$kept" "$wal"
      systemctl start patroni.service
      fail "no file system could be made for $wal"
    }
    cp -a "$kept/." "$wal/"
    label "$wal"
    systemctl start patroni.service
    say changed "$wal has a file system of its own"
    ;;
  fill)
    mounted || fail "$wal has no file system of its own"
    dd if=/dev/zero of="$wal/drill-filler" bs=64k status=none 2>/dev/null || true
    say changed "$wal is full"
    ;;
  restore)
    if ! mounted; then
      # The host has booted since: what the memory held is gone, what was set aside is older. Patroni brings the replica up to date.
      if [ -d "$kept" ]; then
        rmdir "$wal" 2>/dev/null || true
        [ -e "$wal" ] || mv "$kept" "$wal"
      fi
      say unchanged "$wal is where it belongs"
      exit 0
    fi
    rm -f "$wal/drill-filler"
    systemctl stop patroni.service
    new=$data.drill-new
    rm -rf "$new"
    cp -a "$wal" "$new"
    umount "$wal"
    rmdir "$wal"
    mv "$new" "$wal"
    rm -rf "$kept"
    label "$wal"
    systemctl start patroni.service
    say changed "$wal is where it belongs"
    ;;
  *) fail "drill-wal: no action $action" ;;
esac
