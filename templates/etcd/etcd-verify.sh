#!/bin/sh
# etcd-verify SECONDS NAME,CLIENT-URL,PEER-URL…: all members serve, and the cluster has exactly these members. Where etcd's database was full (the
# alarm NOSPACE, which stays on whatever room there is by now) its history is dropped, its files shrunk, and the alarm ended.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/etcd-lib

limit=$1
shift
expected=$(for member in "$@"; do printf '%s %s\n' "${member%%,*}" "${member##*,}"; done | sort)
members=$(for member in "$@"; do rest=${member#*,}; printf '%s=%s\n' "${member%%,*}" "${rest%%,*}"; done)
endpoints=$(printf '%s\n' "$members" | cut -d= -f2- | paste -s -d, -)
etcdctl_tls "$endpoints"

# ctl WORD…: etcdctl as root, of all members.
ctl() {
  set -- env ETCDCTL_API=3 ETCDCTL_ENDPOINTS="$endpoints" etcdctl "$@"
  if [ -r /etc/etcd/root.env ]; then "$PGHA_TOOLS/with-environment" /etc/etcd/root.env "$@"; else "$@"; fi
}

all_healthy() {
  # Word splitting is meant: one word for each member.
  # shellcheck disable=SC2086
  down=$(unhealthy $members)
  [ -z "$down" ] || { printf '%s\n' "$down"; return 1; }
}
wait_until "$limit" "all members of etcd to serve" all_healthy || fail "etcd: expected $# healthy members, see above for those that are not"

# id, status, name, peer addresses, client addresses, is learner
list() {
  seen=$(ctl member list) || return 1
  seen=$(printf '%s\n' "$seen" | awk -F', ' '{ extra = ($2 == "started" && $6 != "true") ? "" : " (" $2 ($6 == "true" ? ", learner" : "") ")"; print $3 " " $4 extra }' | sort)
  printf 'expected members:\n%s\nseen:\n%s\n' "$expected" "$seen"
  [ "$seen" = "$expected" ]
}
# Each by itself, and yet of another cluster: a member that was started without its data.
one_cluster() {
  seen=$(for member in "$@"; do
    printf '%s: %s\n' "${member%%,*}" "$(asked "${member##*,}/members" --max-time 3 -o /dev/null -D - | tr -d '\r' | sed -n 's/^X-Etcd-Cluster-Id: *//Ip')"
  done)
  printf 'the cluster that each member belongs to:\n%s\n' "$seen"
  [ "$(printf '%s\n' "$seen" | sed 's/.*: //' | sort -u | grep -c .)" = 1 ]
}
wait_until 15 "etcd's members to be of one cluster" one_cluster "$@" || exit 1
wait_until 15 "etcd's list of members to be the expected one" list || exit 1

alarms=$(ctl alarm list) || fail "etcd does not say which alarms are on"
case $alarms in
  *NOSPACE*)
    revision=$(ctl endpoint status -w json | sed -n 's/.*"revision":\([0-9]*\).*/\1/p' | head -n 1)
    # Refused where that was done already.
    ctl compact "$revision" >/dev/null 2>&1 || true
    # One after the other: a member does not answer meanwhile.
    for url in $(printf '%s' "$endpoints" | tr ',' ' '); do
      (
        endpoints=$url
        ctl --command-timeout=60s defrag
      ) || fail "etcd at $url could not shrink its database"
    done
    ctl alarm disarm >/dev/null || fail "etcd does not end its alarm"
    # A database that is full still has it on again at the next write.
    if ctl put postgres-ha-space "" >/dev/null 2>&1; then ctl del postgres-ha-space >/dev/null; fi
    case $(ctl alarm list) in
      *NOSPACE*) fail "etcd's database is full, also without its history: raise etcd.quotaBackendBytes in the stack file, then apply" ;;
    esac
    say changed "etcd: $# members, all healthy; its database was full (alarm NOSPACE): shrunk, and the alarm ended"
    exit 0
    ;;
esac
say unchanged "etcd: $# members, all healthy"
