#!/bin/sh
# file-remove PATH: takes back what file-write wrote; a packaged original kept as PATH.back returns.
set -eu
. /usr/local/lib/postgres-ha/lib

path=$1
result=unchanged
if [ -e "$path" ]; then
  rm -f "$path"
  result=changed
fi
if [ -e "$path.back" ]; then
  mv -f "$path.back" "$path"
fi
if [ -f "$PGHA_STATE/manifest" ]; then
  (
    flock -w 30 9 || fail "file-remove: the manifest stayed locked for 30 s"
    grep -v " $path\$" "$PGHA_STATE/manifest" >"$PGHA_STATE/manifest.new" || true
    mv -f "$PGHA_STATE/manifest.new" "$PGHA_STATE/manifest"
  ) 9>"$PGHA_STATE/manifest.lock"
fi
say "$result" "removed $path"
