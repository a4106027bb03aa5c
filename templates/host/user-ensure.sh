#!/bin/sh
# user-ensure NAME HOME: a system user and group of that name, without a login password. An existing user stays as it is, whatever its primary group, but
# becomes a member of the group of its name: units and files go by that.
set -eu
. /usr/local/lib/postgres-ha/lib

name=$1 home=$2
result=unchanged
# Installations that run side by side ask for the same user.
mkdir -p "$PGHA_STATE"
exec 9>"$PGHA_STATE/users.lock"
flock -w 60 9 || fail "user-ensure: another run did not end within 60 s"

if ! getent group "$name" >/dev/null; then
  groupadd --system "$name"
  result=changed
fi
if ! id -u "$name" >/dev/null 2>&1; then
  useradd --system --gid "$name" --home-dir "$home" --no-create-home --shell /bin/sh "$name"
  result=changed
elif ! id -G "$name" | tr ' ' '\n' | grep -qxF "$(getent group "$name" | cut -d: -f3)"; then
  # Not usermod, which knows the users of this host's own files only.
  gpasswd --add "$name" "$name" >/dev/null
  result=changed
fi

# logind removes the shared memory of a user that is none of the system's when its last session ends, and PostgreSQL with it.
if [ "$(id -u "$name")" -ge 1000 ]; then
  setting=/etc/systemd/logind.conf.d/90-postgres-ha.conf
  said=$(printf '[Login]\nRemoveIPC=no\n' | "$PGHA_TOOLS/file-write" "$setting" root root 0644)
  case $said in
    changed*)
      result=changed
      # Read again; sessions go on.
      systemctl kill --signal=HUP systemd-logind.service 2>/dev/null || true
      ;;
  esac
  kept() { [ "$(loginctl show-user --property=RemoveIPC --value 2>/dev/null || true)" != yes ]; }
  wait_until 5 "logind to leave shared memory alone" kept ||
    fail "user $name on $(uname -n) is no system user, and logind removes its shared memory at its logout in spite of $setting; set RemoveIPC=no in what comes after it"
fi
say "$result" "user $name"
