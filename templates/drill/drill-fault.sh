#!/bin/sh
# drill-fault SECONDS ACTION [ARGUMENT…]: breaks something on this host, for a drill. Whatever becomes of whoever asked, drill-restore mends it after
# SECONDS. Actions:
#   stop UNIT            the service is stopped
#   lose UNIT            the service is killed and does not come back
#   crash UNIT           the service's main process is killed; systemd may start it again
#   freeze UNIT          the service's main process stands still
#   kill-postgres DATA   the postmaster of the data directory is killed
#   cut INTERFACE VIP PEER…   the host is cut off from its peers, and the virtual IP from everybody
#   own-wal DATA         the WAL gets a small file system of its own
#   fill DATA            that file system is filled
#   hold PORT            a program of somebody else's listens on the port
#   reboot, reset        the host boots again: in order, or as by its reset button
set -eu
. /usr/local/lib/postgres-ha/lib

seconds=$1 action=$2
shift 2
# Gone with a boot, and so is what it lists.
list=/run/postgres-ha-drill
main_process() {
  process=$(systemctl show -p MainPID --value "$1")
  [ "$process" -gt 0 ] || fail "$1 has no process on $(uname -n)"
  echo "$process"
}
# First what is to be undone, then the deed.
undo_by() {
  printf '%s\n' "$*" >>"$list"
  systemctl stop postgres-ha-drill.timer 2>/dev/null || true
  systemctl reset-failed postgres-ha-drill.service 2>/dev/null || true
  systemd-run --quiet --collect --unit=postgres-ha-drill --on-active="$seconds" --timer-property=AccuracySec=1s /bin/sh "$PGHA_TOOLS/drill-restore"
}

case $action in
  stop)
    undo_by start "$1"
    systemctl stop "$1"
    ;;
  lose)
    undo_by start "$1"
    systemctl kill --signal=KILL "$1"
    systemctl stop "$1"
    ;;
  crash)
    kill -KILL "$(main_process "$1")"
    ;;
  freeze)
    process=$(main_process "$1")
    undo_by thaw "$process"
    kill -STOP "$process"
    ;;
  kill-postgres)
    kill -KILL "$(head -n 1 "$1/postmaster.pid")"
    ;;
  cut)
    undo_by join
    "$PGHA_TOOLS/drill-nft" "$@"
    ;;
  own-wal)
    undo_by wal "$1"
    "$PGHA_TOOLS/drill-wal" prepare "$1"
    ;;
  fill)
    "$PGHA_TOOLS/drill-wal" fill "$1"
    ;;
  hold)
    undo_by release postgres-ha-drill-port.service
    systemd-run --quiet --collect --unit=postgres-ha-drill-port /usr/bin/python3 -c 'import signal, socket, sys
listener = socket.socket()
listener.bind(("", int(sys.argv[1])))
listener.listen(1)
signal.pause()' "$1"
    listens() { ss -Hltn "sport = :$1" | grep .; }
    wait_until 10 "something to listen on port $1" listens "$1" || exit 1
    ;;
  reboot)
    # After the answer has gone out.
    systemd-run --quiet --collect --on-active=0.2 --timer-property=AccuracySec=10ms systemctl reboot
    ;;
  reset)
    # In a container this would be the machine's own button.
    if systemd-detect-virt --quiet --container; then fail "$(uname -n) is a container; only the machine can cut its power"; fi
    echo 1 >/proc/sys/kernel/sysrq
    (sleep 0.2; echo b >/proc/sysrq-trigger) >/dev/null 2>&1 &
    ;;
  *) fail "drill-fault: no action $action" ;;
esac
say changed "drill: $action $*"
