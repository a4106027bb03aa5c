#!/bin/sh
# directory-ensure DIRECTORY USER [--adopt]: DIRECTORY is there, USER's and nobody else's, and USER can reach it. An empty one changes its owner, as the
# root of a file system just mounted must; one with files of somebody else is refused, or with --adopt becomes USER's down to the last file.
set -eu
. /usr/local/lib/postgres-ha/lib

directory=$1 user=$2 adopt=${3:-}
result=unchanged
if [ ! -d "$directory" ]; then
  mkdir -p "$(dirname "$directory")"
  install -d -m 0700 -o "$user" -g "$user" "$directory"
  label "$directory"
  result=changed
fi
# A link is not what has the owner.
real=$(readlink -f "$directory")
if [ "$(stat -c %U "$real")" != "$user" ]; then
  if [ "$adopt" = --adopt ]; then
    # Not the file system's own folder.
    find "$real" -path "$real/lost+found" -prune -o -exec chown -h "$user:$user" {} +
  elif [ -z "$(ls -A "$real")" ]; then
    chown "$user:$user" "$real"
  else
    fail "$directory on $(uname -n) holds files and belongs to $(stat -c %U "$real"): what is it? Move it away, or name another directory"
  fi
  label "$real"
  result=changed
fi
# PostgreSQL may let its group read.
case $adopt$(stat -c %a "$real") in
  700 | 750 | --adopt700) ;;
  *)
    chmod 0700 "$real"
    result=changed
    ;;
esac
if ! runuser -u "$user" -- test -w "$directory" -a -x "$directory"; then
  closed=$real
  while [ "$closed" != / ] && ! runuser -u "$user" -- test -x "$(dirname "$closed")"; do closed=$(dirname "$closed"); done
  fail "user $user on $(uname -n) cannot reach $directory: $closed is closed to it (mode $(stat -c %a "$closed")); open it (chmod o+x), or name another directory"
fi
say "$result" "$directory belongs to $user"
