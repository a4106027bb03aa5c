#!/bin/sh
# artefact-serve ADDRESS PORT ARCHIVE: hands ARCHIVE, with its checksum, to the cluster's other hosts by HTTP, in a unit that ends by itself
# after an hour. Only what is public anyway is served; that it is the right archive, the others know from its checksum, which they get over SSH.
set -eu
. /usr/local/lib/postgres-ha/lib

address=$1 port=$2 archive=$3
unit=postgres-ha-artefacts.service
public=$PGHA_CACHE/public
mkdir -p "$public"
chmod 0755 "$PGHA_CACHE" "$public"
for file in "$archive" "$archive.sha256"; do
  served=$public/${file##*/}
  # Renaming a link to itself is an error.
  if [ "$(stat -c %i "$file")" != "$(stat -c %i "$served" 2>/dev/null || true)" ]; then
    # A name of its own: two builds may end at the same moment.
    ln -f "$file" "$public/.${file##*/}.new"
    mv -f "$public/.${file##*/}.new" "$served"
  fi
done

# Two builds of one host may end at the same time; they share the unit.
exec 7>"$PGHA_CACHE/serve.lock"
flock -w 60 7 || fail "another run on $(uname -n) has been starting $unit for a minute"

serves() {
  curl -fsS --max-time 2 -o /dev/null "http://$address:$port/${archive##*/}.sha256"
}
if systemctl is-active --quiet "$unit" && serves 2>/dev/null; then
  say unchanged "${archive##*/} is served"
  exit 0
fi
systemctl stop "$unit" 2>/dev/null || true
systemctl reset-failed "$unit" 2>/dev/null || true
systemd-run --quiet --unit="$unit" --uid=nobody --collect \
  --property=RuntimeMaxSec=3600 --property=WorkingDirectory="$public" --property=NoNewPrivileges=yes --property=ProtectSystem=full \
  --property=ProtectHome=yes /usr/bin/python3 -m http.server --bind "$address" "$port"
if ! wait_until 10 "http://$address:$port to serve ${archive##*/}" serves; then
  journal "$unit"
  exit 1
fi
say changed "${archive##*/} is served on $address:$port for an hour"
