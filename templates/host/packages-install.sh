#!/bin/sh
# packages-install NAME…: installs what is missing, all in one transaction, waiting its turn for the package manager's lock.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/packages-lib

family=$(packages_family)
[ "$family" != unknown ] || fail "packages-install: $(uname -n) is of neither the Debian nor the RHEL family"

# Two builds may ask at once: one transaction after the other, since dpkg itself does not wait, and since the policy below is one file.
exec 9>/run/postgres-ha-packages.lock
flock -w 900 9 || fail "packages-install: another installation did not end within 900 s"

missing=$(packages_missing "$family" "$@")
if [ -z "$missing" ]; then
  say unchanged "packages are installed"
  exit 0
fi
# A list of words from here on.
missing=$(printf '%s' "$missing" | tr '\n' ' ')

log=$(mktemp)
# Packages start their services as they are installed; ours start when their configuration is there.
policy=/usr/sbin/policy-rc.d
ours=no
trap 'rm -f "$log"; if [ "$ours" = yes ]; then rm -f "$policy"; fi' EXIT
trap 'exit 1' INT TERM HUP

give_up() {
  tail -n 30 "$log" | packages_masked >&2
  unknown=$(packages_unknown "$log" | tr '\n' ' ')
  [ -z "$unknown" ] || fail "no repository of $(uname -n) has ${unknown% }; './pgha preflight' says which one to enable"
  fail "the packages $missing could not be installed on $(uname -n)"
}
if [ "$family" = debian ]; then
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
  command -v dnf >/dev/null 2>&1 || fail "there is no dnf on $(uname -n), which the RHEL family has since release 8"
  # dnf waits for the lock itself.
  # shellcheck disable=SC2086,SC2154 # packages_dnf is packages-lib's
  by_proxy timeout 900 $packages_dnf install -y $missing >"$log" 2>&1 </dev/null || give_up
fi
say changed "installed ${missing% }"
