#!/bin/sh
# patroni-install pip --home DIRECTORY --data DIRECTORY --version VERSION [--index URL]: Patroni in a virtual environment of its own, /opt/patroni-VERSION, with its
#   etcd3 client and PostgreSQL driver; /opt/patroni leads to the one in use.
# patroni-install package --home DIRECTORY --data DIRECTORY: the distribution's, which came with the host's packages.
# Both see to the user postgres and an empty data directory of its own, and with --kept DIRECTORY to one beside it that patroni-rewind may write to.
set -eu
. /usr/local/lib/postgres-ha/lib

method=$1
shift
version='' index='' data='' home='' kept=''
while [ $# -gt 0 ]; do
  case $1 in
    --home) home=$2; shift 2 ;;
    --data) data=$2; shift 2 ;;
    --kept) kept=$2; shift 2 ;;
    --version) version=$2; shift 2 ;;
    --index) index=$2; shift 2 ;;
    *) fail "patroni-install: unknown option $1" ;;
  esac
done

"$PGHA_TOOLS/user-ensure" postgres "$home" >/dev/null
install -d -m 0755 /etc/patroni
"$PGHA_TOOLS/postgres-directory" "$data" >/dev/null
if [ -n "$kept" ]; then "$PGHA_TOOLS/directory-ensure" "$kept" postgres >/dev/null; fi

if [ "$method" = package ]; then
  command -v patroni >/dev/null 2>&1 || fail "the package patroni brought no program patroni on $(uname -n)"
  say unchanged "$(patroni --version)"
  exit 0
fi

environment=/opt/patroni-$version
mark=$environment/.complete
result=unchanged
if [ ! -f "$mark" ]; then
  result=changed
  # Of a package, which stays as long as its system does: one that somebody has compiled for himself may go tomorrow, and the environment with it.
  python=''
  for candidate in 3.13 3.12 3.11 3.10 3.9 ''; do
    candidate=/usr/bin/python${candidate:-3}
    if [ -x "$candidate" ] && "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 7))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
  [ -n "$python" ] || fail "no Python of at least 3.7 with venv in /usr/bin on $(uname -n); install python3.12, or set patroni.method: package"
  # Never finished, so nobody uses it; nor shall a failure leave one behind.
  rm -rf "$environment"
  trap '[ -f "$mark" ] || rm -rf "$environment"' EXIT
  trap 'exit 1' INT TERM HUP
  # What pip builds it also runs, and a host may have nothing run that lies in /tmp.
  export TMPDIR="$environment/tmp"
  mkdir -p "$TMPDIR"
  "$python" -m venv "$environment"
  set -- --disable-pip-version-check --no-input --no-cache-dir --quiet
  if [ -n "$index" ]; then
    set -- "$@" --index-url "$index"
    case $index in
      http://*)
        server=${index#http://}
        server=${server%%/*}
        set -- "$@" --trusted-host "${server%%:*}"
        ;;
    esac
  fi
  mkdir -p "$PGHA_CACHE"
  log=$PGHA_CACHE/patroni-$version.log
  # Only finished wheels for the driver: hosts have no compiler for it.
  if ! by_proxy "$environment/bin/python" -m pip install "$@" --only-binary psycopg2-binary,psutil "patroni[etcd3,psycopg2-binary]==$version" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    fail "pip could not install patroni $version on $(uname -n); its whole output is in $log. Behind a closed network, mirrors.pip names the package index"
  fi
  "$environment/bin/python" -m compileall -q "$environment/lib" >/dev/null 2>&1 || true
  seen=$("$environment/bin/patroni" --version)
  [ "$seen" = "patroni $version" ] || fail "pip installed '$seen' on $(uname -n), patroni $version was wanted"
  rm -rf "$TMPDIR"
  unset TMPDIR
  label "$environment"
  touch "$mark"
fi
# Root's umask may have closed it when it was made.
if [ -n "$(find "$environment" ! -type l ! -perm -go=r -print -quit)" ]; then
  chmod -R go+rX "$environment"
  result=changed
fi
if [ "$(readlink /opt/patroni 2>/dev/null || true)" != "$environment" ]; then
  [ ! -e /opt/patroni ] || [ -L /opt/patroni ] || fail "/opt/patroni on $(uname -n) is not ours; move it away"
  result=changed
  # By rename, so that there is always one.
  ln -sfn "$environment" "/opt/.patroni-$$"
  mv -fT "/opt/.patroni-$$" /opt/patroni
fi
say "$result" "$("$environment/bin/patroni" --version) in $environment"
