# Run as `sh -c` with the bundle of tools on stdin: each begins with a line `#=== NAME`. Replaces the folder of the tools as a whole.
# No package has been asked for yet: it uses what the smallest system has (coreutils, awk).
set -eu
tools=/usr/local/lib/postgres-ha
umask 022
mkdir -p /usr/local/lib /var/lib/postgres-ha /var/cache/postgres-ha
new=$(mktemp -d /usr/local/lib/.postgres-ha-XXXXXX)
trap 'rm -rf "$new"' EXIT
trap 'exit 1' INT TERM HUP
(cd "$new" && awk '/^#=== /{ if (out) close(out); out = $2; next } { print > out }')
chmod 755 "$new" "$new"/*
sums() { (cd "$1" && sha256sum -- *); }
if [ -d "$tools" ] && [ "$(sums "$tools" 2>/dev/null || true)" = "$(sums "$new")" ]; then
  chmod 755 "$tools" "$tools"/*
  echo "unchanged: tools"
  exit 0
fi
mkdir -p "$tools"
chmod 755 "$tools"
for old in "$tools"/*; do
  [ -e "$new/${old##*/}" ] || rm -f "$old"
done
# File by file and by rename: a tool that keepalived runs this very moment is never missing or half there.
for file in "$new"/*; do mv -f "$file" "$tools/"; done
if command -v restorecon >/dev/null 2>&1; then restorecon -RF "$tools" || true; fi
echo "changed: tools"
