#!/bin/sh
# etcd-restart OWN-NAME OWN-PEER-URL NAME=CLIENT-URL…: restarts this host's member without costing the cluster its quorum. The members are all,
# this one included.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/etcd-lib

own=$1 own_peer=$2
shift 2
for member in "$@"; do
  if [ "${member%%=*}" = "$own" ]; then own_url=${member#*=}; fi
done

if ! member_health "${own_url:?}" >/dev/null; then
  # It takes no part at the moment: there is nothing to lose, and it may be waiting for peers that come after it.
  systemctl restart --no-block etcd.service
  say changed "etcd was not serving: restarted without waiting"
  exit 0
fi

all_healthy() {
  down=$(unhealthy "$@")
  [ -z "$down" ] || { printf '%s\n' "$down"; return 1; }
}
# The member restarted just before this one may still be catching up.
if ! wait_until 30 "all members of etcd to serve" all_healthy "$@"; then
  fail "etcd on $(uname -n) was not restarted: with another member down the cluster would lose its quorum. Bring that one back first"
fi
# Members that the stack does not have count as well.
voters=$(voters "$own_peer")
if [ $((($# - 1) * 2)) -le "$voters" ]; then
  fail "etcd on $(uname -n) was not restarted: it has $voters members, of which only the $# of the stack are known to serve, and would lose its quorum. See 'etcdctl member list', and remove what is no more"
fi
systemctl restart etcd.service
say changed "etcd restarted"
