#!/bin/sh
# keepalived-member NAME URL…: whether the host NAME is one of the cluster's, as its dynamic configuration has them; keepalived runs it every two
# seconds. A host that is taken out of the stack gives the virtual IP up by this, before the others stop telling it who has it. It asks its own Patroni, and
# two others where that is silent. While nobody says, what was said last holds; a host that nobody ever told is one of them.
left=/run/postgres-ha-left
name=$1
shift
for api in "$@"; do
  case $api in
    https:*) authority='--cacert /etc/postgres-ha/tls/ca.crt' ;;
    *) authority='' ;;
  esac
  # Word splitting is meant: an option and its value, or nothing.
  # shellcheck disable=SC2086
  said=$(curl --silent --fail --noproxy '*' --connect-timeout 0.5 --max-time 0.8 $authority "$api/config") || continue
  hosts=$(printf '%s' "$said" | sed -n 's/.*"hosts": *\[\([^]]*\)\].*/\1/p')
  case $hosts in
    '') exit 0 ;;
    *"\"$name\""*)
      [ ! -e "$left" ] || rm -f "$left"
      exit 0
      ;;
  esac
  : >"$left"
  exit 1
done
[ ! -e "$left" ]
