#!/bin/sh
# service-apply UNIT TIMEOUT [--restart PATH]… [--reload PATH]… [--restarter COMMAND] --health COMMAND
# Enables and starts UNIT; restarts or reloads it when one of its files is not the one it was last started or reloaded with; then waits until
# it is healthy. On stdin: a line `version TEXT` for each further thing a change of which restarts it (other lines only make the engine run this
# again).
#
# The record, applied/UNIT, says what it runs with. Before anything is done to the unit the record gets a mark as its first line, `pending start`,
# `pending restart` or `pending reload` with the number of this run, and only health takes the mark away. While it stands, what runs is not known:
# an attempt that failed or was killed is never taken for what the record says, so the old files, put back, are really started again.
set -eu
. /usr/local/lib/postgres-ha/lib

unit=$1 limit=$2
shift 2
health='' restarter='' wanted='' restart_files='' reload_files=''
while [ $# -gt 0 ]; do
  case $1 in
    --restart) wanted="${wanted}restart $(file_sha "$2") $2
"; restart_files="$restart_files $2"; shift 2 ;;
    --reload) wanted="${wanted}reload $(file_sha "$2") $2
"; reload_files="$reload_files $2"; shift 2 ;;
    --restarter) restarter=$2; shift 2 ;;
    --health) health=$2; shift 2 ;;
    *) fail "service-apply: unknown option $1" ;;
  esac
done

wanted="$wanted$(sed -n 's/^version /restart - /p')"
record=$PGHA_STATE/applied/$unit
run=$$.$(date +%s%N)
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

shown() {
  systemctl show -p "$1" --value "$unit"
}

# Whether there is a process that has read its files: also one that is not ready yet, since it waits for its peers. Of a unit between two attempts
# to start it there is none.
runs() {
  case $state in
    active | reloading) return 0 ;;
    activating) [ "$(shown MainPID)" != 0 ] ;;
    *) return 1 ;;
  esac
}

# When its process was started, in Unix time; nothing when that is not known.
started() {
  since=$(shown ExecMainStartTimestamp)
  [ -z "$since" ] || date -d "$since" +%s
}

# newer FILE…: whether one of them has been changed since the process was started.
newer() {
  [ -n "$start" ] || return 0
  for file in "$@"; do
    if [ -e "$file" ] && [ "$(stat -c %Z "$file")" -gt "$start" ]; then
      return 0
    fi
  done
  return 1
}

# At least this, or what was decided before.
at_least() {
  [ "$action" = restart ] || action=$1
}

# By the age of the process. Word splitting is meant: no path of ours has a blank.
by_age() {
  # shellcheck disable=SC2086
  if newer $restart_files; then
    at_least restart
  elif newer $reload_files; then
    at_least reload
  fi
}

content=$(cat "$record" 2>/dev/null || true)
mark=$(printf '%s\n' "$content" | sed -n '1s/^pending \([a-z]*\).*/\1/p')
state=$(shown ActiveState)
action=none
if ! runs; then
  action=start
else
  start=$(started)
  if [ -z "$content" ]; then
    # Its first run here, or its record is lost. One that was started with its files as they are has read them.
    [ "$(shown CanReload)" != yes ] || at_least reload
    by_age
  else
    while read -r effect sum path; do
      [ -n "$effect" ] || continue
      # Of a file that was not watched before only its age tells.
      if [ "$sum" = - ] || grep -q " $path\$" "$record" || newer "$path"; then at_least "$effect"; fi
    done <<CHANGED
$(printf '%s\n' "$wanted" | grep -vxFf "$record" || true)
CHANGED
    case $mark in
      # The process that a run has started and not seen healthy has read what stands in the record, unless that was changed and changed back.
      start) by_age ;;
      restart) at_least restart ;;
      # A process may have been left in a state by a reload that failed, in which it hears no other: Patroni whose port was taken. One that has a
      # careful way to be restarted is restarted.
      reload) if [ -n "$restarter" ]; then at_least restart; else at_least reload; fi ;;
      # One that came back by itself has read what lay there at that moment, whatever the record says.
      *) if [ -n "$start" ] && [ "$start" -gt "$(stat -c %Y "$record")" ]; then by_age; fi ;;
    esac
  fi
fi
# What is not ready, or cannot reload at all, reads its files by a restart.
if [ "$action" = reload ] && { [ "$state" = activating ] || [ "$(shown CanReload)" != yes ]; }; then
  action=restart
fi

# remember [MARK] LINES: the record, in one step. Only while it is what this run has seen or written: one that was cut off may still be waiting
# for health when the next one has long decided otherwise.
remember() {
  (
    flock -w 30 9 || fail "service-apply: $record stayed locked for 30 s"
    [ "$(cat "$record" 2>/dev/null || true)" = "$content" ] || fail "another run has taken over $unit on $(uname -n); this one ends here"
    printf '%s\n' "$@" | sed '/^$/d' >"$record.new" && mv -f "$record.new" "$record" || fail "service-apply: $record could not be written"
  ) 9>"$record.lock" || exit 1
  content=$(cat "$record")
}

case $action in
  # Nothing of what ran before is left.
  start) remember "pending start $run" "$wanted" ;;
  restart | reload) remember "pending $action $run" "$(printf '%s\n' "$content" | sed '1{/^pending /d}')" ;;
esac

attempt() {
  if ! "$@"; then
    journal "$unit"
    fail "$unit on $(uname -n): '$*' failed"
  fi
}
# A program that refuses its new files at a reload says so in its journal and goes on with the old ones: its health check looks there, from here on.
PGHA_SINCE=$(date +%s)
case $action in
  start)
    systemctl reset-failed "$unit" 2>/dev/null || true
    # A member of a cluster that does not exist yet becomes ready only with its peers: do not wait here, the health check does.
    attempt systemctl start --no-block "$unit"
    did="$did started"
    ;;
  restart)
    # Attempts that failed shall not count against this one.
    systemctl reset-failed "$unit" 2>/dev/null || true
    if [ -n "$restarter" ]; then attempt sh -c "$restarter"; else attempt systemctl restart "$unit"; fi
    did="$did restarted"
    ;;
  reload)
    attempt systemctl reload "$unit"
    export PGHA_SINCE
    did="$did reloaded"
    # EX_TEMPFAIL: what has changed it takes at a start only, which its health check can tell.
    code=0
    sh -c "$health" >/dev/null 2>&1 || code=$?
    if [ "$code" = 75 ]; then
      remember "pending restart $run" "$(printf '%s\n' "$content" | sed '1{/^pending /d}')"
      unset PGHA_SINCE
      attempt systemctl restart "$unit"
      did="$did, and restarted for what a reload leaves as it was"
    fi
    ;;
esac

if ! wait_until "$limit" "$unit on $(uname -n) to be healthy ($health)" sh -c "$health"; then
  systemctl status --no-pager --lines=0 "$unit" >&2 || true
  journal "$unit"
  [ "$action" = none ] || printf 'The %s of %s counts as not completed: the next run does it again.\n' "$action" "$unit" >&2
  exit 1
fi
if [ "$action" != none ] || [ "$content" != "$(printf '%s\n' "$wanted" | sed '/^$/d')" ]; then remember "$wanted"; fi
if [ -n "$did" ]; then say changed "$unit$did"; else say unchanged "$unit"; fi
