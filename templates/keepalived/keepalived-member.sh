#!/bin/sh
# keepalived-member NAME PATRONI-URL: whether the host NAME is one of the cluster's, as its dynamic configuration has them; keepalived runs it every two
# seconds. A host that is taken out of the stack gives the virtual IP up by this, before the others stop telling it who has it. While nobody says, it is.
said=$(curl --silent --fail --noproxy '*' --max-time 1 "$2/config") || exit 0
hosts=$(printf '%s' "$said" | sed -n 's/.*"hosts": *\[\([^]]*\)\].*/\1/p')
case $hosts in
  '' | *"\"$1\""*) exit 0 ;;
esac
exit 1
