#!/bin/sh
# etcd-prepare DATA-DIRECTORY: run by etcd's unit before its start. Puts the member's configuration together: what the stack says, and beside it what only
# the very first start reads. A member that lost its data is not started: it would found a cluster of its own, and Patroni could take that for the one.
set -eu

data=$1
initial=/etc/etcd/initial.yml
if [ ! -e "$initial" ] && [ ! -d "$data/member" ]; then
  echo "error: $data on $(uname -n) is empty, and etcd is not told how to begin. Its member takes its place again by an application of the stack: raise hosts[].reapply of this host, then up" >&2
  exit 1
fi
cat /etc/etcd/etcd.conf.yml >/run/etcd/etcd.conf.yml
[ ! -e "$initial" ] || cat "$initial" >>/run/etcd/etcd.conf.yml
