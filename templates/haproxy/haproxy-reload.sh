#!/bin/sh
# haproxy-reload: run by the unit as ExecReload with MAINPID set. Returns when the new worker serves, so that a reload that failed is seen.
set -eu
. /usr/local/lib/postgres-ha/lib

haproxy -c -q -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/users.cfg || fail "haproxy refuses its configuration; it goes on with the old one"
sysctl -q -p /etc/sysctl.d/90-postgres-ha.conf

worker() {
  "$PGHA_TOOLS/haproxy-ask" 'show info' | sed -n 's/^Pid: //p'
}
new_worker() {
  now=$(worker)
  echo "worker $now"
  [ -n "$now" ] && [ "$now" != "$1" ]
}

old=$(worker)
# A package's upgrade may give the folder back to haproxy.
install -d -o root -g root -m 0755 /var/lib/haproxy
state=/var/lib/haproxy/server-state
rm -f "$state.new"
rm -f "$state.seen"
known() {
  "$PGHA_TOOLS/haproxy-ask" 'show servers state' >"$state.seen" && "$PGHA_TOOLS/haproxy-state" /etc/haproxy/haproxy.cfg <"$state.seen" >"$state.new"
}
wait_until 15 "the members to answer HAProxy's checks as they will be; it goes on with those of before" known
rm -f "$state.seen"
mv -fT "$state.new" "$state"
kill -USR2 "$MAINPID"
wait_until 15 "a new HAProxy worker in place of $old" new_worker "$old"
