#!/bin/sh
# postgres-directory DATA-DIRECTORY: PostgreSQL's data directory is there, empty or with an instance, where both initdb and Patroni can work with it.
set -eu
. /usr/local/lib/postgres-ha/lib

data=$1
if [ ! -e "$data/PG_VERSION" ]; then
  # Patroni, before it makes a fresh copy, would remove the link and put the copy where the link was.
  [ ! -L "$data" ] || fail "$data on $(uname -n) is a symbolic link; set postgres.dataDirectory to where it leads, $(readlink -f "$data" || readlink "$data")"
  # initdb wants an empty directory, and a copy of the instance would fail at what it may not read.
  [ ! -e "$data/lost+found" ] || fail "$data on $(uname -n) is a file system's root with lost+found in it; set postgres.dataDirectory to a directory below it, $data/pgdata"
fi
"$PGHA_TOOLS/directory-ensure" "$data" postgres
