#!/bin/sh
# patroni-validate PATRONI FILE: lets Patroni itself judge a configuration. What it says about the moment is not counted, what it says about the
# file is: a port that its own running member holds, an etcd member that is down just now.
set -eu
. /usr/local/lib/postgres-ha/lib

patroni=$1 file=$2
set -- --validate-config
if "$patroni" --help 2>&1 | grep -q -e --ignore-listen-port; then
  set -- "$@" --ignore-listen-port
fi
# It connects to each member of etcd, without a bound; so it is shown addresses that answer or refuse at once.
copy=$(mktemp)
trap 'rm -f "$copy"' EXIT
trap 'exit 1' INT TERM HUP
awk '/^[^ #]/ { etcd = ($1 == "etcd3:") } etcd { sub(/- [0-9.]*:/, "- 127.0.0.1:") } { print }' "$file" >"$copy"
if verdict=$("$patroni" "$@" "$copy" 2>&1); then
  exit 0
fi
# Some versions (4.0) have no `quorum` in the table by which they judge synchronous_mode, though they know it.
rest=$(printf '%s\n' "$verdict" | sed "s|$copy|$file|g" | grep -v -e '^[[:space:]]*$' -e ' is not reachable$' -e 'Port [0-9]* is already in use' \
  -e '^bootstrap\.dcs\.synchronous_mode quorum ' || true)
# A traceback's last lines name the place in the file.
[ -z "$rest" ] || fail "$(printf 'patroni refuses the configuration:\n%s' "$rest" | grep -v -e '^  File ' -e '^    ')"
