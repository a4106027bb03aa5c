#!/bin/sh
# user-ensure NAME HOME: a system user and group of that name, without a login password. An existing one is left as it is.
set -eu
. /usr/local/lib/postgres-ha/lib

name=$1 home=$2
if id -u "$name" >/dev/null 2>&1; then
  say unchanged "user $name"
  exit 0
fi
getent group "$name" >/dev/null || groupadd --system "$name"
useradd --system --gid "$name" --home-dir "$home" --no-create-home --shell /bin/sh "$name"
say changed "user $name"
