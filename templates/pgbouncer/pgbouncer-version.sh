#!/bin/sh
# pgbouncer-version: prints `pgbouncer=VERSION`, which decides where patroni-roles puts PgBouncer's lookup function.
set -eu
. /usr/local/lib/postgres-ha/lib

version=$(pgbouncer --version | awk 'NR == 1 { print $2 }')
printf 'pgbouncer=%s\n' "$version"
say unchanged "PgBouncer $version is installed"
