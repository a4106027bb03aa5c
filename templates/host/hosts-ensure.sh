#!/bin/sh
# hosts-ensure: the lines on stdin (ADDRESS NAME) stand in /etc/hosts between our two marks; all other lines stay.
set -eu
. /usr/local/lib/postgres-ha/lib

wanted=$(cat)
own=$(uname -n)
begin='# postgres-ha: begin'
end='# postgres-ha: end'
temporary=$(mktemp /etc/.hosts.pgha-XXXXXX)
trap 'rm -f "$temporary"' EXIT INT TERM HUP
{
  # A distribution's installer maps the host's own name to 127.0.1.1; other hosts could then be told that address.
  sed -e "/^$begin\$/,/^$end\$/d" -e "/^127\.0\.1\.1[[:space:]].*\b${own%%.*}\b/d" /etc/hosts
  if [ -n "$wanted" ]; then
    printf '%s\n%s\n%s\n' "$begin" "$wanted" "$end"
  fi
} >"$temporary"
if [ "$(file_sha "$temporary")" = "$(file_sha /etc/hosts)" ]; then
  say unchanged /etc/hosts
  exit 0
fi
chmod 644 "$temporary"
# Containers may have it mounted: a rename is then refused, a write is not.
mv -f "$temporary" /etc/hosts 2>/dev/null || cat "$temporary" >/etc/hosts
label /etc/hosts
say changed /etc/hosts
