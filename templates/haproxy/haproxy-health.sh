#!/bin/sh
# haproxy-health PORT ADDRESS:PORT…: succeeds when the service is active, answers on its health PORT and listens on each ADDRESS:PORT.
set -eu
. /usr/local/lib/postgres-ha/lib

port=$1
shift
systemctl is-active --quiet haproxy.service || fail "haproxy.service is $(systemctl is-active haproxy.service || true)"
"$PGHA_TOOLS/haproxy-alive" "$port" || fail "HAProxy does not answer on 127.0.0.1:$port/health"
listening=$(ss -Hltn | awk '{ print $4 }')
for expected in "$@"; do
  printf '%s\n' "$listening" | grep -qxF -e "$expected" || fail "expected HAProxy to listen on $expected, seen: $(echo "$listening" | tr '\n' ' ')"
done
