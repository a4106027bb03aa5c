#!/bin/sh
# etcd-restart CLIENT-URL PEER-URL: restarts this host's member, which answers there, without costing the cluster its quorum.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/etcd-lib

# Before it answers by another scheme for the first time it answers by the one of before.
client=$(spoken "$1" /version) peer=$(spoken "$2" /version)
if ! member_health "$client" >/dev/null; then
  # It takes no part at the moment: there is nothing to lose, and it may be waiting for peers that come after it.
  systemctl restart --no-block etcd.service
  say changed "etcd was not serving: restarted without waiting"
  exit 0
fi

# Of the members that etcd has, whatever the stack says: one that is to be added is none yet, and one that is to be removed counts still.
others_suffice() {
  known=$(members "$peer")
  serving=$(printf '%s\n' "$known" | while read -r name url; do
    if [ -n "$url" ] && member_health "$url" >/dev/null; then echo "$name"; fi
  done)
  printf 'members: %s; serving: %s\n' "$(printf '%s\n' "$known" | cut -d' ' -f1 | paste -s -d' ' -)" "$(printf '%s\n' "$serving" | paste -s -d' ' -)"
  [ $((($(printf '%s\n' "$serving" | grep -c .) - 1) * 2)) -gt "$(printf '%s\n' "$known" | grep -c .)" ]
}
# The member restarted just before this one may still be catching up.
if ! wait_until 30 "enough of etcd's members to serve without this one" others_suffice; then
  fail "etcd on $(uname -n) was not restarted: without it the cluster would lose its quorum. Bring the others back first"
fi
systemctl restart etcd.service
say changed "etcd restarted"
