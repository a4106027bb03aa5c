#!/bin/sh
# pgbouncer-prepare BINARY: writes /run/postgres-ha-pgbouncer/newer.ini, the settings of pgbouncer.ini marked `;since VERSION` that this version knows.
# Run by the unit as PgBouncer's user before each start and reload.
set -eu
. /usr/local/lib/postgres-ha/lib

version=$("$1" --version | awk 'NR == 1 { print $2 }')
awk -v version="$version" '
  function number(text, part) { split(text, part, "."); return part[1] * 1000 + part[2] }
  BEGIN { print "; Written at each start from pgbouncer.ini, for PgBouncer " version }
  $1 == ";since" && number(version) >= number($2) { sub(/^;since [^ ]+ /, ""); print }
' /etc/pgbouncer/pgbouncer.ini >/run/postgres-ha-pgbouncer/newer.ini.new
mv -f /run/postgres-ha-pgbouncer/newer.ini.new /run/postgres-ha-pgbouncer/newer.ini
