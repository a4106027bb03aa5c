#!/bin/sh
# etcd-auth PREFIX USER CLIENT-URL…: etcd asks for passwords. Users root and USER, Patroni's, which may use the keys below PREFIX only. On stdin the lines
# `root=PASSWORD` and `patroni=PASSWORD`; changed ones are changed in etcd. No password is an argument of a program.
# etcd-auth --forget USER CLIENT-URL…: a user that Patroni is no more; on stdin the line `root=PASSWORD`.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/etcd-lib

task=set prefix='' user=''
if [ "$1" = --forget ]; then task=forget; else prefix=$1; fi
user=$2
shift 2
root='' patroni=''
while IFS= read -r line; do
  case $line in
    root=*) root=${line#*=} ;;
    patroni=*) patroni=${line#*=} ;;
  esac
done
if [ -z "$root" ] || { [ -z "$patroni" ] && [ "$task" = set ]; }; then fail "etcd-auth: a password is missing on stdin"; fi

urls=$*
ETCDCTL_ENDPOINTS=$(printf '%s,' "$@")
ETCDCTL_ENDPOINTS=${ETCDCTL_ENDPOINTS%,}
export ETCDCTL_ENDPOINTS ETCDCTL_API=3
etcdctl_tls "$1"
result=unchanged
# Passwords that root may have at present: a run that was cut off leaves more than one possible.
known=$PGHA_STATE/etcd-root.known
umask 077
mkdir -p "$PGHA_STATE"
touch "$known"

if [ "$task" = forget ]; then
  # By the password that holds by now.
  export ETCDCTL_USER="root:$root"
  users=$(etcdctl --command-timeout=10s user list) || fail "etcd does not list its users"
  if printf '%s\n' "$users" | grep -qxF "$user"; then
    etcdctl --command-timeout=10s user delete "$user" >/dev/null || fail "etcd does not remove its user $user"
    say changed "etcd: user $user removed"
  else
    say unchanged "etcd: there is no user $user"
  fi
  exit 0
fi

as() {
  as_user=$1 as_password=$2
  shift 2
  ETCDCTL_USER="$as_user:$as_password" etcdctl --command-timeout=10s "$@"
}
quorum() {
  for url in "$@"; do
    if seen=$(member_health "$url"); then return 0; fi
  done
  printf '%s\n' "$seen"
  return 1
}
wait_until 60 "etcd to have a quorum" quorum "$@" || exit 1

# written: the password of root in the file for etcdctl.
written() {
  [ ! -r /etc/etcd/root.env ] || "$PGHA_TOOLS/with-environment" /etc/etcd/root.env printenv ETCDCTL_USER | sed 's/^root://'
}

# While authentication is off, no password is asked for and none can be tried.
on=yes
case $(etcdctl --command-timeout=10s auth status 2>&1) in *'Status: false'*) on=no ;; esac

# Which password of root is the present one?
current=$root
if [ "$on" = yes ]; then
  current=''
  candidates=$({ printf '%s\n' "$root"; cat "$known"; written; } | awk '$0 != "" && !seen[$0]++')
  while IFS= read -r candidate; do
    if refused=$(as root "$candidate" auth status 2>&1 </dev/null); then
      current=$candidate
      break
    fi
  done <<CANDIDATES
$candidates
CANDIDATES
  [ -n "$current" ] || fail "etcd refuses every password of root that is known on $(uname -n): $refused"
fi
ctl() {
  if [ "$on" = yes ]; then as root "$current" "$@"; else etcdctl --command-timeout=10s "$@"; fi
}

has() { printf '%s\n' "$1" | grep -qxF "$2"; }
# set_password USER PASSWORD add|changepw
set_password() {
  if [ "$on" = yes ]; then as_root=$current; else as_root=''; fi
  # Word splitting is meant: one word for each member.
  # shellcheck disable=SC2086
  printf '%s\n%s\n' "$2" "$as_root" | "$PGHA_TOOLS/etcd-password" "$3" "$1" $urls
  result=changed
}

users=$(ctl user list)
roles=$(ctl role list)
has "$roles" patroni || { ctl role add patroni >/dev/null; result=changed; }
permissions=$(ctl role get patroni)
if [ "$(printf '%s\n' "$permissions" | grep -cF "(prefix $prefix)")" != 2 ]; then
  ctl role grant-permission patroni --prefix=true readwrite "$prefix" >/dev/null
  result=changed
fi
printf '%s\n' "$permissions" | sed -n 's/.*(prefix \(.*\))$/\1/p' | sort -u | while read -r old; do
  if [ "$old" != "$prefix" ]; then ctl role revoke-permission patroni --prefix=true "$old" >/dev/null; fi
done

if ! has "$users" "$user"; then
  set_password "$user" "$patroni" add
elif [ "$on" = no ] || ! as "$user" "$patroni" get --prefix --keys-only --limit=1 "$prefix" >/dev/null 2>&1; then
  # With authentication off every password would seem right.
  set_password "$user" "$patroni" changepw
fi
# granted USER ROLE
granted() { has "$(ctl user get "$1" | sed -n 's/^Roles: //p' | tr ' ' '\n')" "$2"; }
granted "$user" patroni || { ctl user grant-role "$user" patroni >/dev/null; result=changed; }

# Before it is set, so that a run cut off here does not lose it.
if [ "$current" != "$root" ] || [ "$on" = no ]; then printf '%s\n' "$root" >>"$known"; fi
if ! has "$users" root; then
  set_password root "$root" add
elif [ "$current" != "$root" ] || [ "$on" = no ]; then
  set_password root "$root" changepw
fi
current=$root
has "$roles" root || ctl role add root >/dev/null
granted root root || ctl user grant-role root root >/dev/null
if [ "$on" = no ]; then
  ctl auth enable >/dev/null
  on=yes
  result=changed
fi

seen=$(ctl auth status)
case $seen in *'Status: true'*) ;; *) fail "etcd: expected authentication to be on, seen: $seen" ;; esac
as "$user" "$patroni" get --prefix --keys-only --limit=1 "$prefix" >/dev/null || fail "etcd refuses user $user below $prefix"
if etcdctl --command-timeout=5s get --limit=1 "$prefix" >/dev/null 2>&1; then
  fail "etcd answers without a password"
fi
printf '%s\n' "$root" >"$known.new"
mv -f "$known.new" "$known"
say "$result" "etcd: users root and $user, authentication on"
