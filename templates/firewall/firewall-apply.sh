#!/bin/sh
# firewall-apply ZONE INTERFACE SSH-PORT: firewalld runs, starts at boot, and has in ZONE exactly those of our rules that stand on stdin, one a
# line: `tcp PORT from NETWORK` or `protocol NAME from NETWORK`. Rules that are not ours stay as they are.
# firewall-apply --remove ZONE: takes our rules away; firewalld and what else it does stay.
set -eu
. /usr/local/lib/postgres-ha/lib

program=$(command -v firewall-cmd || true)
if [ -z "$program" ]; then
  if [ "$1" = --remove ]; then
    say unchanged "there is no firewalld"
    exit 0
  fi
  fail "there is no firewalld on $(uname -n)"
fi
# firewalld's Python modules belong to one interpreter, which need not be the one called python3.
interpreter=$(sed -n '1s/^#! *//p' "$program")
rules() {
  # Word splitting is meant: the interpreter may have an option.
  # shellcheck disable=SC2086
  $interpreter "$PGHA_TOOLS/firewall-rules" "$PGHA_STATE/firewall.rules" "$@"
}
mkdir -p "$PGHA_STATE"

running() { [ "$(systemctl show -p ActiveState --value firewalld.service)" = active ]; }
if [ "$1" = --remove ]; then
  if running; then mode=online; else mode=offline; fi
  rules "$mode" "$2" - - </dev/null
  exit 0
fi

zone=$1 interface=$2 ssh=$3
wanted=$(mktemp)
trap 'rm -f "$wanted"' EXIT
trap 'exit 1' INT TERM HUP
cat >"$wanted"

started=''
if ! running; then
  # The rules, above all the one for sshd, are there before the first packet is judged.
  rules offline "$zone" "$interface" "$ssh" <"$wanted"
  systemctl reset-failed firewalld.service 2>/dev/null || true
  # Its bus name is allowed by a policy that came with the package: a bus that has not read it yet would refuse the name.
  systemctl reload dbus.service 2>/dev/null || true
  if ! systemctl start firewalld.service; then
    journal firewalld.service
    fail "firewalld could not be started on $(uname -n)"
  fi
  started=' started'
fi
if [ "$(systemctl is-enabled firewalld.service 2>/dev/null || true)" != enabled ]; then
  systemctl enable --quiet firewalld.service
  started="$started enabled"
fi
verdict=$(rules online "$zone" "$interface" "$ssh" <"$wanted")
if [ -n "$started" ]; then say changed "firewalld$started, ${verdict#*: }"; else printf '%s\n' "$verdict"; fi
