#!/usr/bin/env bash
# Serves packages, sources, wheels and artefacts to the lab: the server in the machine's own network, where the mirror can be reached,
# and a door to it inside the lab's network. Started again should either of them die.
set -u
exec </dev/null >>"$LAB_LOG" 2>&1
echo "$$" >"$LAB_CGROUP/cgroup.procs" || exit 1

# The time, for hosts with a clock of their own.
if [ -n "${LAB_TIME:-}" ]; then
  while :; do
    nsenter --net="/run/netns/$LAB_NETNS" "$LAB_DOTNET" exec "$LAB_SERVER/PostgresHa.Lab.dll" time "$LAB_GATEWAY"
    echo "--- the time server ended with $? $(date +%FT%T)"
    sleep 1
  done &
fi

while :; do
  "$LAB_DOTNET" exec "$LAB_SERVER/PostgresHa.Lab.dll" "$LAB_SERVER/repository.json"
  echo "--- the server ended with $? $(date +%FT%T)"
  sleep 1
done &

while :; do
  nsenter --net="/run/netns/$LAB_NETNS" socat "TCP-LISTEN:80,bind=$LAB_GATEWAY,fork,reuseaddr,backlog=128" "UNIX-CONNECT:$LAB_SOCKET"
  echo "--- socat ended with $? $(date +%FT%T)"
  sleep 1
done
