#!/bin/sh
# haproxy-selinux BOOLEAN…: switches SELinux booleans on, persistently; does nothing where SELinux is off or does not know them.
set -eu
. /usr/local/lib/postgres-ha/lib

if ! command -v selinuxenabled >/dev/null 2>&1 || ! selinuxenabled; then
  say unchanged "SELinux is off"
  exit 0
fi
result=unchanged
for boolean in "$@"; do
  state=$(getsebool "$boolean" 2>/dev/null) || continue
  case $state in
    *' on') ;;
    *)
      setsebool -P "$boolean" on || fail "the SELinux boolean $boolean could not be switched on"
      result=changed
      ;;
  esac
done
say "$result" "SELinux booleans $*"
