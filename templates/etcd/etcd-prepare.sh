#!/bin/sh
# shellcheck disable=SC2154 # etcd_… are set by etcd-lib
# etcd-prepare [--print] DATA-DIRECTORY: run by etcd's unit before its start. Puts the member's configuration together: what the stack says, and beside it
# what only the very first start reads. A member that lost its data is not started: it would found a cluster of its own, and Patroni could take that for the
# one. --print: shows the first of these.
#
# While etcd changes from http to https or back (see etcd-members), it answers clients by both, and its peers by the one that they expect, whatever the
# stack's file says by then.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/etcd-lib

print=no
if [ "$1" = --print ]; then
  print=yes
  shift
fi
data=$1
initial=/etc/etcd/initial.yml config=/etc/etcd/etcd.conf.yml
if [ "$print" = no ] && [ ! -e "$initial" ] && [ ! -d "$data/member" ]; then
  fail "$data on $(uname -n) is empty, and etcd is not told how to begin. Its member takes its place again by an application of the stack: raise hosts[].reapply of this host, then up"
fi

compose() {
  wanted=$(sed -n 's/^advertise-client-urls: *["'\'']*\(https*\):.*/\1/p' "$config")
  settled=$(etcd_settled "$data")
  if [ "${settled:-$wanted}" = "$wanted" ]; then
    cat "$config"
  else
    awk -v peers="${settled#both }" '
      function by(scheme, text) { gsub(/https?:\/\//, scheme "://", text); return text }
      /^(listen|advertise)-client-urls:/ { gsub(/["'\'']/, "", $2); print $1 " \"" by("http", $2) "," by("https", $2) "\""; next }
      /^(listen|initial-advertise)-peer-urls:/ { print by(peers, $0); next }
      { print }' "$config"
    grep -q '^client-transport-security:' "$config" || cat <<TLS
client-transport-security: { cert-file: $etcd_certificate, key-file: $etcd_certificate.key, trusted-ca-file: $etcd_authority, client-cert-auth: true }
peer-transport-security: { cert-file: $etcd_certificate, key-file: $etcd_certificate.key, trusted-ca-file: $etcd_authority, client-cert-auth: true }
TLS
  fi
}

if [ "$print" = yes ]; then
  compose
else
  compose >/run/etcd/etcd.conf.yml
  [ ! -e "$initial" ] || cat "$initial" >>/run/etcd/etcd.conf.yml
fi
