#!/bin/sh
# shellcheck disable=SC2154 # build_… and artefact_… are set by artefact-lib
# postgres-install DATA-DIRECTORY HOME OPTIONS: PostgreSQL's programs at --prefix, user postgres, an empty data directory; nothing is initialised
# or started. OPTIONS and stdin are those of postgres-build. Prints a line `installed=NAME SHA since=SECONDS` that tells one installation from
# another, and since when (Unix time) the prefix is this one: a server that was started before still runs another.
#
# The programs lie in a folder named after their build, and the prefix is a link to it: a new build never overwrites programs that run, and the
# change is one rename. A running server finds its own libraries beside its own binary, in the folder it was started from.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/artefact-lib
. /usr/local/lib/postgres-ha/postgres-lib

data=$1 home=$2
shift 2
artefact_options "$@"
postgres_identify
target=$build_prefix-$build_version-$artefact_recipe
result=unchanged
mkdir -p "$PGHA_STATE"

said=$("$PGHA_TOOLS/user-ensure" postgres "$home")
case $said in changed*) result=changed ;; esac
# The one that an existing user has.
home=$(getent passwd postgres | cut -d: -f6)
# The folder of psql's history and pip's cache.
if [ ! -d "$home" ]; then
  mkdir -p "$(dirname "$home")"
  install -d -m 0700 -o postgres -g postgres "$home"
  result=changed
fi
said=$("$PGHA_TOOLS/postgres-directory" "$data")
case $said in changed*) result=changed ;; esac

if [ -e "$build_prefix" ] && [ ! -L "$build_prefix" ] && ! rmdir "$build_prefix" 2>/dev/null; then
  fail "$build_prefix on $(uname -n) is a folder that this program did not make; move it away, or set postgres.prefix to another path"
fi

# The mark is the last thing written into it: a folder without one is what an interrupted run left.
if [ ! -f "$target/.postgres-ha" ]; then
  "$PGHA_TOOLS/postgres-build" "$@"
  rm -rf "$target.new" "$target"
  mkdir -p "$target.new"
  # Root's, not postgres's: whoever breaks into the server must not be able to change its programs.
  tar -C "$target.new" --no-same-owner -xzf "$artefact_path"
  chown -R root:root "$target.new"
  chmod 0755 "$target.new"
  label "$target.new"
  missing_libraries() {
    find "$target.new/bin" "$target.new/lib" -type f \( -perm -u+x -o -name '*.so*' \) -exec ldd {} + 2>/dev/null | grep 'not found' |
      grep -v -e libpq -e libec -e libpgtypes | sort -u
  }
  if [ -n "$(missing_libraries)" ] && [ -s "$target.new/.runtime-packages" ]; then
    # Word splitting is meant: a list of names.
    # shellcheck disable=SC2046
    "$PGHA_TOOLS/packages-install" $(grep -v " " "$target.new/.runtime-packages")
  fi
  if [ -n "$(missing_libraries)" ]; then
    missing_libraries >&2
    fail "PostgreSQL $build_version on $(uname -n) lacks the libraries above"
  fi
  touch "$target.new/.postgres-ha"
  mv -T "$target.new" "$target"
  label "$target"
  result=changed
fi

if [ "$(readlink "$build_prefix" || true)" != "${target##*/}" ]; then
  ln -sfn "${target##*/}" "$build_prefix.new"
  mv -fT "$build_prefix.new" "$build_prefix"
  result=changed
fi

profile=/etc/profile.d/postgres-ha.sh
line="PATH=\$PATH:$build_prefix/bin"
if [ "$(cat "$profile" 2>/dev/null || true)" != "$line" ]; then
  printf '%s\n' "$line" >"$profile.new"
  chmod 0644 "$profile.new"
  mv -f "$profile.new" "$profile"
  result=changed
fi

# Builds that are neither this one nor in use by a running process.
for old in "$build_prefix"-*-*; do
  if [ ! -f "$old/.postgres-ha" ] || [ "$old" = "$target" ]; then continue; fi
  # A /proc entry may vanish between being listed and being read.
  if ! find /proc -maxdepth 2 -name exe -exec readlink {} + 2>/dev/null | grep -q "^$old/"; then
    rm -rf "$old"
  fi
done

seen=$("$build_prefix/bin/postgres" --version 2>/dev/null | sed 's/^postgres (PostgreSQL) //')
[ "$seen" = "$build_version" ] || fail "$build_prefix/bin/postgres on $(uname -n): expected version $build_version, seen ${seen:-nothing}"
printf 'installed=%s %s since=%s\n' "$artefact_name" "$(file_sha "$build_prefix/bin/postgres" | cut -c1-16)" "$(stat -c %Y "$build_prefix")"
say "$result" "PostgreSQL $seen at $build_prefix"
