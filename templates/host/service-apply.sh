#!/bin/sh
# service-apply UNIT TIMEOUT [--restart PATH]… [--reload PATH]… [--restarter COMMAND] --health COMMAND
# Enables and starts UNIT; restarts or reloads it when one of its files is not the one it was last started or reloaded with; then waits until
# it is healthy. On stdin: a line `version TEXT` for each further thing a change of which restarts it (other lines only make the engine run this
# again). What it runs with is recorded only after that, so that an interrupted run still owes the restart.
set -eu
. /usr/local/lib/postgres-ha/lib

unit=$1 limit=$2
shift 2
health='' restarter='' wanted='' restart_files=''
while [ $# -gt 0 ]; do
  case $1 in
    --restart) wanted="${wanted}restart $(file_sha "$2") $2
"; restart_files="$restart_files $2"; shift 2 ;;
    --reload) wanted="${wanted}reload $(file_sha "$2") $2
"; shift 2 ;;
    --restarter) restarter=$2; shift 2 ;;
    --health) health=$2; shift 2 ;;
    *) fail "service-apply: unknown option $1" ;;
  esac
done

wanted="$wanted$(sed -n 's/^version /restart - /p')"
record=$PGHA_STATE/applied/$unit
mkdir -p "$PGHA_STATE/applied"
if [ "$(systemctl show -p NeedDaemonReload --value "$unit")" = yes ] || ! systemctl cat "$unit" >/dev/null 2>&1; then
  systemctl daemon-reload
fi
systemctl cat "$unit" >/dev/null 2>&1 || fail "there is no unit $unit on $(uname -n)"

did=''
if [ "$(systemctl is-enabled "$unit" 2>/dev/null || true)" != enabled ]; then
  systemctl enable --quiet "$unit"
  did="$did enabled"
fi

# Without a record (first run, or a run that was stopped before it could write one) the age of the process decides.
older_than_files() {
  since=$(systemctl show -p ActiveEnterTimestamp --value "$unit")
  [ -n "$since" ] || return 0
  since=$(date -d "$since" +%s)
  for file in $restart_files; do
    if [ -e "$file" ] && [ "$(stat -c %Z "$file")" -gt "$since" ]; then
      return 0
    fi
  done
  return 1
}

action=none
if ! systemctl is-active --quiet "$unit"; then
  action=start
elif [ ! -f "$record" ]; then
  if older_than_files; then action=restart; else action=reload; fi
else
  changes=$(printf '%s' "$wanted" | grep -vxFf "$record" || true)
  case "
$changes" in
    *"
restart "*) action=restart ;;
    *"
reload "*) action=reload ;;
  esac
fi

run() {
  if ! "$@"; then
    journal "$unit"
    fail "$unit on $(uname -n): '$*' failed"
  fi
}
case $action in
  start)
    systemctl reset-failed "$unit" 2>/dev/null || true
    # A member of a cluster that does not exist yet becomes ready only with its peers: do not wait here, the health check does.
    run systemctl start --no-block "$unit"
    did="$did started"
    ;;
  restart)
    if [ -n "$restarter" ]; then run sh -c "$restarter"; else run systemctl restart "$unit"; fi
    did="$did restarted"
    ;;
  reload)
    if [ "$(systemctl show -p CanReload --value "$unit")" = yes ]; then
      run systemctl reload "$unit"
      did="$did reloaded"
    fi
    ;;
esac

if ! wait_until "$limit" "$unit on $(uname -n) to be healthy ($health)" sh -c "$health"; then
  systemctl status --no-pager --lines=0 "$unit" >&2 || true
  journal "$unit"
  exit 1
fi
printf '%s\n' "$wanted" >"$record.new"
mv -f "$record.new" "$record"
if [ -n "$did" ]; then say changed "$unit$did"; else say unchanged "$unit"; fi
