#!/bin/sh
# pgbouncer-verify SECONDS PSQL ADDRESS PORT DATABASE USER [AUTHORITY], the user's password on stdin: waits until a client can log in through PgBouncer; with
# the file AUTHORITY by TLS, and PgBouncer's certificate must be that authority's, for ADDRESS.
set -eu
. /usr/local/lib/postgres-ha/lib

limit=$1 psql=$2 address=$3 port=$4 database=$5 user=$6
# In the environment, not in an argument: only root reads it there.
IFS= read -r PGPASSWORD || true
export PGPASSWORD
export PGCONNECT_TIMEOUT=5
if [ $# -gt 6 ]; then export PGSSLMODE=verify-full PGSSLROOTCERT="$7"; fi

logs_in() {
  seen=$("$psql" -XAtqw -h "$address" -p "$port" -U "$user" -d "$database" -c 'SELECT current_user' 2>&1) && [ "$seen" = "$user" ] && return 0
  printf 'expected to be logged in as %s, seen: %s\n' "$user" "$seen"
  return 1
}
wait_until "$limit" "a login as $user through PgBouncer on $address:$port" logs_in
say unchanged "$user logs in through PgBouncer on $address:$port"
