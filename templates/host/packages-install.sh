#!/bin/sh
# packages-install NAME…: installs what is missing, all in one transaction, waiting its turn for the package manager's lock.
set -eu
. /usr/local/lib/postgres-ha/lib

# Two builds may ask at once: one transaction after the other, since dpkg itself does not wait, and since the policy below is one file.
exec 9>/run/postgres-ha-packages.lock
flock -w 900 9 || fail "packages-install: another installation did not end within 900 s"

missing=''
if command -v dpkg-query >/dev/null 2>&1; then
  for name in "$@"; do
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" != installed ]; then
      missing="$missing $name"
    fi
  done
else
  for name in "$@"; do
    rpm -q --quiet "$name" || rpm -q --quiet --whatprovides "$name" || missing="$missing $name"
  done
fi
if [ -z "$missing" ]; then
  say unchanged "packages are installed"
  exit 0
fi

log=$(mktemp)
# Packages start their services as they are installed; ours start when their configuration is there.
policy=/usr/sbin/policy-rc.d
ours=no
trap 'rm -f "$log"; if [ "$ours" = yes ]; then rm -f "$policy"; fi' EXIT
trap 'exit 1' INT TERM HUP

give_up() {
  tail -n 30 "$log" >&2
  fail "the packages$missing could not be installed"
}
if command -v apt-get >/dev/null 2>&1; then
  if [ ! -e "$policy" ] || grep -q 'postgres-ha' "$policy"; then
    ours=yes
    printf '#!/bin/sh\n# postgres-ha: removed as soon as the packages are installed\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
  # needrestart would restart the cluster's services here, on all hosts at once.
  export NEEDRESTART_SUSPEND=1
  # Nobody is there to say which of two versions of a configuration file shall stay: the host's does, where it has one.
  apt_get() {
    by_proxy apt-get -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" </dev/null
  }
  # A transaction that was cut off leaves packages half configured, or without what they need; nothing else can be installed before that is mended.
  [ -z "$(dpkg --audit)" ] || dpkg --force-confdef --force-confold --configure -a >"$log" 2>&1 </dev/null ||
    apt_get install -y --fix-broken >"$log" 2>&1 || give_up
  # The index is fetched only when what it says is not enough.
  # Word splitting is meant: a list of names.
  # shellcheck disable=SC2086
  if ! apt_get install -y --no-install-recommends $missing >"$log" 2>&1; then
    apt_get update >"$log" 2>&1 || give_up
    # shellcheck disable=SC2086
    apt_get install -y --no-install-recommends $missing >"$log" 2>&1 || give_up
  fi
else
  manager=dnf
  command -v dnf >/dev/null 2>&1 || manager=yum
  # dnf and yum wait for the lock themselves.
  # shellcheck disable=SC2086
  by_proxy timeout 900 "$manager" install -y $missing >"$log" 2>&1 || give_up
fi
say changed "installed$missing"
