#!/bin/sh
# etcd-health DATA-DIRECTORY CLIENT-URL PEER-URL: whether this host's member does what can be asked of it now. Once it has been part of a working
# cluster it must serve; before, when its peers may not have been started yet, it must only wait for them.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/etcd-lib

data=$1 client=$2 peer=$3
if seen=$(member_health "$client"); then
  joined_mark "$data"
  exit 0
fi
if joined_is "$data"; then
  printf '%s\n' "$seen"
  exit 1
fi
code=0
curl -sS --max-time 3 -o /dev/null "$peer/version" 2>/dev/null || code=$?
# 7: nobody listens.
if [ "$code" -eq 7 ]; then
  echo "etcd does not listen on $peer"
  exit 1
fi
echo "etcd waits for its peers"
