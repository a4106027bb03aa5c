#!/bin/sh
# file-write PATH OWNER GROUP MODE [--validator COMMAND] [--backup]: content on stdin becomes PATH.
# Written beside the target, checked, then renamed, so that no reader ever sees half a file; recorded in the manifest, so that drift is found.
set -eu
. /usr/local/lib/postgres-ha/lib

path=$1 owner=$2 group=$3 mode=$4
shift 4
validator='' backup=no
while [ $# -gt 0 ]; do
  case $1 in
    --validator) validator=$2; shift 2 ;;
    --backup) backup=yes; shift ;;
    *) fail "file-write: unknown option $1" ;;
  esac
done

directory=$(dirname "$path")
mkdir -p "$directory" "$PGHA_STATE"
# What an interrupted run left behind.
find "$directory" -maxdepth 1 -name ".$(basename "$path").pgha-*" -mmin +10 -delete
temporary=$(mktemp "$directory/.$(basename "$path").pgha-XXXXXX")
trap 'rm -f "$temporary"' EXIT INT TERM HUP
cat >"$temporary"
chown "$owner:$group" "$temporary"
chmod "$mode" "$temporary"

if [ -n "$validator" ]; then
  # The validator is a command line of ours; {} stands for the file to be judged.
  command_line=$(printf '%s' "$validator" | sed "s|{}|$temporary|g")
  if ! verdict=$(sh -c "$command_line" 2>&1); then
    printf 'error: %s was refused by: %s\n%s\nThe file in place was left as it is.\n' "$path" "$validator" "$verdict" |
      sed "s|$temporary|$path|g" >&2
    exit 1
  fi
fi

sum=$(file_sha "$temporary")
octal=$(stat -c %a "$temporary")
result=changed
if [ -f "$path" ] && [ ! -L "$path" ] && [ "$(file_sha "$path")" = "$sum" ] &&
  [ "$(stat -c '%a %U:%G' "$path")" = "$octal $owner:$group" ]; then
  result=unchanged
else
  if [ "$backup" = yes ] && [ -e "$path" ] && [ ! -e "$path.back" ] && ! grep -q " $path\$" "$PGHA_STATE/manifest" 2>/dev/null; then
    cp -p "$path" "$path.back"
  fi
  sync "$temporary" 2>/dev/null || true
  mv -fT "$temporary" "$path"
  label "$path"
fi

# The manifest is shared by tools that run side by side.
(
  flock -w 30 9 || fail "file-write: the manifest stayed locked for 30 s"
  touch "$PGHA_STATE/manifest"
  entry="$sum $octal $owner:$group $path"
  if ! grep -qxF "$entry" "$PGHA_STATE/manifest"; then
    grep -v " $path\$" "$PGHA_STATE/manifest" >"$PGHA_STATE/manifest.new" || true
    printf '%s\n' "$entry" >>"$PGHA_STATE/manifest.new"
    mv -f "$PGHA_STATE/manifest.new" "$PGHA_STATE/manifest"
  fi
) 9>"$PGHA_STATE/manifest.lock"
say "$result" "$path"
