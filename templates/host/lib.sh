#!/bin/sh
# Shared by every tool: what is said, how long is waited, where state lies. Sourced, never run.

# Read by the scripts that source this file.
# shellcheck disable=SC2034
PGHA_STATE=/var/lib/postgres-ha
# shellcheck disable=SC2034
PGHA_CACHE=/var/cache/postgres-ha
# shellcheck disable=SC2034
PGHA_TOOLS=/usr/local/lib/postgres-ha
# sshd's sudo may leave the administrator's folders out.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
# Messages of programs are compared and shown: one language.
LC_ALL=C
export LC_ALL
# A hardened host gives root 027 or 077: services could then not read what is made for them. Who may read less than all is said at each place.
umask 022
# A proxy in root's environment knows no way to the cluster's own addresses, so nothing is asked through it but downloads (by_proxy). The list of
# the administrator's own exceptions reaches the tools that this one calls.
PGHA_NO_PROXY=${PGHA_NO_PROXY-${no_proxy:-${NO_PROXY:-}}}
no_proxy='*' NO_PROXY='*'
export PGHA_NO_PROXY no_proxy NO_PROXY

# say changed|unchanged TEXT: the one line by which every tool ends.
say() {
  printf '%s: %s\n' "$1" "$2"
}

# fail TEXT: one clear sentence, then the end.
fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

# wait_until SECONDS WHAT COMMAND…: polls COMMAND each half second. When the time is over, says what was waited for and the last state.
wait_until() {
  wait_limit=$1
  wait_what=$2
  shift 2
  wait_end=$(($(date +%s) + wait_limit))
  while :; do
    if wait_last=$("$@" 2>&1); then
      return 0
    fi
    if [ "$(date +%s)" -ge "$wait_end" ]; then
      printf 'error: waited %s s for %s; last state:\n%s\n' "$wait_limit" "$wait_what" "${wait_last:-(no output)}" >&2
      return 1
    fi
    sleep 0.5
  done
}

# by_proxy COMMAND…: runs what downloads, through the proxy of root's environment where there is one.
by_proxy() {
  (
    no_proxy=$PGHA_NO_PROXY NO_PROXY=$PGHA_NO_PROXY
    exec "$@"
  )
}

# directly COMMAND…: its counterpart, for what one host hands to another.
directly() {
  "$@"
}

# journal UNIT: the end of its journal, for the message of a failure. Of Patroni first what its PostgreSQL complained of in the last minutes, and without
# the lines by which each round says that there is nothing to do. (The tools in Python have the same, in patroni-client.)
journal() {
  printf -- '--- journal of %s ---\n' "$1" >&2
  if [ "$1" != patroni.service ]; then
    journalctl -u "$1" -n 30 --no-pager -o short-iso >&2 2>/dev/null || true
    return 0
  fi
  # Two blanks are PostgreSQL's, one is Patroni's.
  journalctl -u "$1" --since -5min --no-pager -o short-iso 2>/dev/null |
    grep -E '(FATAL|PANIC|ERROR|HINT|DETAIL):  |LOG:  (invalid value|unrecognized configuration|syntax error)' | tail -n 10 >&2 || true
  printf -- '--- and its end ---\n' >&2
  journalctl -u "$1" -n 200 --no-pager -o short-iso 2>/dev/null | grep -v -E 'no action\. +I am|Lock owner: |INFO: no action' | tail -n 20 >&2 || true
}

# refused UNIT PATTERN: prints what the unit has said against its new files since service-apply had it reload them; fails when that is nothing. Programs
# that refuse them go on with the old ones, and the reload itself succeeds.
refused() {
  [ -n "${PGHA_SINCE:-}" ] && journalctl -u "$1" --since "@$PGHA_SINCE" --no-pager -o cat 2>/dev/null | grep -E -e "$2"
}

# file_sha PATH: SHA-256 of a file's content, or a dash when there is none.
file_sha() {
  if [ -f "$1" ]; then
    sha256sum <"$1" | cut -d' ' -f1
  else
    printf -- '-\n'
  fi
}

# label PATH: the SELinux label the policy has for it, where SELinux is.
label() {
  if command -v restorecon >/dev/null 2>&1 && command -v selinuxenabled >/dev/null 2>&1 && selinuxenabled; then
    restorecon -RF "$1" >/dev/null 2>&1 || true
  fi
}
