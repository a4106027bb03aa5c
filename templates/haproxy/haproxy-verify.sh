#!/bin/sh
# haproxy-verify SECONDS BACKEND=COUNT…: waits until each BACKEND of this host's HAProxy has exactly COUNT servers that are up.
set -eu
. /usr/local/lib/postgres-ha/lib

as_expected() {
  wrong=0
  stat=$("$PGHA_TOOLS/haproxy-ask" 'show stat') || return 1
  for pair in "$@"; do
    printf '%s\n' "$stat" | awk -F, -v backend="${pair%=*}" -v expected="${pair#*=}" '
      # Columns 1, 2, 18, 37: backend, server, status, last check.
      $1 == backend && $2 != "BACKEND" && $2 != "FRONTEND" {
        seen += ($18 ~ /^UP/)
        servers = servers "; " $2 " " $18 ($37 == "" ? "" : " (" $37 ")")
      }
      END {
        if (seen == expected && servers != "") exit 0
        printf "backend %s: expected %d server(s) up, seen %d%s\n", backend, expected, seen, servers
        exit 1
      }' || wrong=1
  done
  return $wrong
}

limit=$1
shift
wait_until "$limit" "HAProxy on $(uname -n) to see the cluster ($*)" as_expected "$@"
say unchanged "HAProxy sees $*"
