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

# with_ports CONFIGURATION STATE: the state with the ports of the configuration. HAProxy believes the state: servers that moved to another port would be checked at
# the old one for ever.
with_ports() {
  awk '
    NR == FNR {
      if ($1 == "backend") backend = $2
      if ($1 != "server") next
      count = split($3, address, ":")
      port[backend, $2] = address[count]
      checked[backend, $2] = 0
      for (i = 4; i < NF; i++) if ($i == "port") checked[backend, $2] = $(i + 1)
      next
    }
    ($2, $4) in port { $19 = port[$2, $4]; $22 = checked[$2, $4] }
    { print }' "$1" "$2"
}

old=$(worker)
# A package's upgrade may give the folder back to haproxy.
install -d -o root -g root -m 0755 /var/lib/haproxy
state=/var/lib/haproxy/server-state
rm -f "$state.new"
rm -f "$state.seen"
"$PGHA_TOOLS/haproxy-ask" 'show servers state' >"$state.seen"
with_ports /etc/haproxy/haproxy.cfg "$state.seen" >"$state.new"
rm -f "$state.seen"
mv -fT "$state.new" "$state"
kill -USR2 "$MAINPID"
wait_until 15 "a new HAProxy worker in place of $old" new_worker "$old"
