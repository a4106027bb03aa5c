#!/bin/sh
# etcd-health CLIENT-URL PEER-URL OTHER-PEER-URL…: whether this host's member does what can be asked of it now. With a majority of the members
# running it must serve; before (the cluster's first start, or one after all members were stopped) it cannot, and must only wait for its peers. So it is where
# most do not believe its certificate, or it not theirs: an authority that has ended is known to each until it is restarted. Where the others serve without
# this one, etcd-restart takes none of them away from them.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/etcd-lib

client=$1
shift
if seen=$(member_health "$client"); then exit 0; fi
if ! listens "$1"; then
  echo "etcd does not listen on $1"
  exit 1
fi
running=0
for peer in "$@"; do
  if [ "$peer" = "$1" ] || speaks "$peer"; then running=$((running + 1)); fi
done
if [ $((running * 2)) -gt $# ]; then
  printf '%s of %s members run, and yet: %s\n' "$running" "$#" "$seen"
  exit 1
fi
echo "etcd waits for its peers: $running of $# members run"
