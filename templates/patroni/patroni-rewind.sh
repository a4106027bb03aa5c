#!/bin/sh
# patroni-rewind PROGRAM KEPT ARGUMENT…: pg_rewind as Patroni calls it, as user postgres. When it fails for good, Patroni removes the data directory
# and takes a fresh copy of the leader's. Before that the old one is kept below KEPT by hard links, which take no space of their own; one at most.
set -eu
. /usr/local/lib/postgres-ha/lib

program=$1 kept=$2
shift 2
data='' last=''
for word in "$@"; do
  [ "$last" != -D ] || data=$word
  last=$word
done

# Patroni shows it in its log.
note() {
  printf 'postgres-ha: %s\n' "$1" >&2
}

control() {
  stat -c %d:%i "$1/global/pg_control" 2>/dev/null || printf 'none of %s\n' "$1"
}

code=0
{ errors=$("$program" "$@" 2>&1 1>&3) || code=$?; } 3>&1
[ -z "$errors" ] || printf '%s\n' "$errors" >&2
if [ -z "$data" ] || [ ! -d "$kept" ]; then
  exit "$code"
fi
if [ "$code" -eq 0 ]; then
  # What was kept of an earlier try shares its files with the directory that goes on: it is no old state.
  for old in "$kept"/*; do
    if [ "$(control "$old")" = "$(control "$data")" ]; then rm -rf "$old"; fi
  done
  exit 0
fi
# Cancelled, or the leader is out of reach: Patroni tries again.
if [ "$code" -gt 128 ]; then exit "$code"; fi
case $errors in *'connection to server'* | *'could not connect'* | *'server closed the connection'* | *'terminating connection'*) exit "$code" ;; esac

if [ "$(stat -L -c %d "$data")" != "$(stat -c %d "$kept")" ]; then
  note "$data is not kept: it lies on another file system than $kept"
  exit "$code"
fi
needed=$(du -skL "$data" | cut -f1)
free=$(df -Pk "$kept" | awk 'NR == 2 { print $4 }')
if [ "$free" -lt $((needed + needed / 10)) ]; then
  note "$data is not kept: a fresh copy beside it needs about $needed kB, $free kB are free"
  exit "$code"
fi
target=$kept/$(date -u +%Y%m%dT%H%M%SZ)
if cp -al "$data/." "$target.part"; then
  for old in "$kept"/*; do
    if [ "$old" != "$target.part" ]; then rm -rf "$old"; fi
  done
  mv -T "$target.part" "$target"
  note "pg_rewind failed; a fresh copy of the leader's data takes the place of $data, which is kept as $target"
else
  rm -rf "$target.part"
  note "$data is not kept: it could not be linked to $target"
fi
exit "$code"
