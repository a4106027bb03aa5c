#!/bin/sh
# shellcheck disable=SC2154 # build_… and artefact_… are set by artefact-lib
# etcd-install METHOD DATA-DIRECTORY OPTIONS: etcd's user, folders and programs. METHOD is source (built by etcd-build, with OPTIONS), archive
# (--version, --sha256 and --source of the release archive) or package. Prints a line `installed=…` that tells one installation from another.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/artefact-lib
. /usr/local/lib/postgres-ha/etcd-lib

method=$1 data=$2
shift 2
artefact_options "$@"
marker=$PGHA_STATE/etcd.installed
result=unchanged
mkdir -p "$PGHA_STATE"

said=$("$PGHA_TOOLS/user-ensure" etcd "$data")
case $said in changed*) result=changed ;; esac
install -d -m 0755 /etc/etcd
# What another user has run etcd on is taken over.
said=$("$PGHA_TOOLS/directory-ensure" "$data" etcd --adopt)
case $said in changed*) result=changed ;; esac

# place FOLDER: FOLDER's programs into /usr/local/bin, each by rename, so that a running one is never written to.
place() {
  for program in etcd etcdctl etcdutl; do
    install -m 0755 -o root -g root "$1/$program" "/usr/local/bin/.$program.new"
    mv -f "/usr/local/bin/.$program.new" "/usr/local/bin/$program"
    label "/usr/local/bin/$program"
  done
}
programs_sha() {
  cat /usr/local/bin/etcd /usr/local/bin/etcdctl 2>/dev/null | sha256sum | cut -d' ' -f1
}
installed() {
  [ "$(cat "$marker" 2>/dev/null)" = "$1 $(programs_sha)" ]
}

case $method in
  source)
    "$PGHA_TOOLS/etcd-build" "$@"
    etcd_identify
    name=$artefact_name archive=$artefact_path
    ;;
  archive)
    name=etcd-$build_version-release-$(printf '%s' "$build_sha256" | cut -c1-12)
    archive=$PGHA_CACHE/$name.tar.gz
    if ! installed "$name"; then
      mkdir -p "$PGHA_CACHE"
      download "$build_source" "$archive" "$build_sha256" || fail "etcd $build_version cannot be installed on $(uname -n)"
    fi
    ;;
  package)
    name=package
    archive=''
    ;;
  *) fail "unknown method $method" ;;
esac

if [ -n "$archive" ]; then
  if ! installed "$name"; then
    # What an interrupted run left behind.
    rm -rf "$PGHA_CACHE"/.etcd-*
    unpacked=$(mktemp -d "$PGHA_CACHE/.etcd-XXXXXX")
    trap 'rm -rf "$unpacked"' EXIT
    trap 'exit 1' INT TERM HUP
    tar -C "$unpacked" --no-same-owner -xf "$archive"
    folder=$(dirname "$(find "$unpacked" -type f -name etcdctl | head -n 1)")
    place "$folder"
    printf '%s %s\n' "$name" "$(programs_sha)" >"$marker"
    result=changed
  fi
  program=/usr/local/bin/etcd
else
  # Programs of an earlier method would hide the package's.
  if [ -f "$marker" ]; then
    rm -f /usr/local/bin/etcd /usr/local/bin/etcdctl /usr/local/bin/etcdutl "$marker"
    result=changed
  fi
  program=/usr/bin/etcd
fi

seen=$("$program" --version 2>/dev/null | sed -n 's/^etcd Version: //p')
[ -n "$seen" ] || fail "$program does not run on $(uname -n)"
case $seen in
  3.[0-4].* | [0-2].*) fail "the distribution of $(uname -n) gives etcd $seen, at least 3.5 is needed: use etcd.method: archive or source" ;;
esac
if [ "$method" != package ] && [ "$seen" != "$build_version" ]; then
  fail "$program on $(uname -n): expected version $build_version, seen $seen"
fi
printf 'installed=%s %s %s\n' "$name" "$seen" "$(file_sha "$program" | cut -c1-16)"
say "$result" "etcd $seen"
