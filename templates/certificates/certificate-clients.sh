#!/bin/sh
# certificate-clients DATA: prints whether the PostgreSQL of the data directory DATA takes clients without TLS: clients=optional or clients=required; clients=unknown
# where there is none. Asked where the stack file does not say, so that nobody is cut off who is let in today.
set -eu
. /usr/local/lib/postgres-ha/lib

file=$1/pg_hba.conf
if [ ! -e "$file" ]; then
  echo clients=unknown
elif grep -Eq '^host[[:space:]]+all[[:space:]]+all[[:space:]]' "$file"; then
  echo clients=optional
else
  echo clients=required
fi
say unchanged "looked at $file"
