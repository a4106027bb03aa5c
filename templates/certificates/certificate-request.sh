#!/bin/sh
# certificate-request [--remove] FOLDER USER: prints a request for a certificate as PEM. The private key to it is made here, once, for USER alone, and stays
# here: FOLDER/USER.crt.key. Who signs takes nothing but the public key from the request, so no name stands in it.
# A request is signed with a number drawn each time. The one that was made is kept beside the key, so that the same key has the same request at each run.
set -eu
. /usr/local/lib/postgres-ha/lib

remove=no
if [ "$1" = --remove ]; then
  remove=yes
  shift
fi
folder=$1 user=$2
key=$folder/$user.crt.key request=$folder/$user.csr
result=unchanged

if [ "$remove" = yes ]; then
  for file in "$request" "$key"; do
    if [ -e "$file" ]; then
      rm -f "$file"
      result=changed
    fi
  done
  say "$result" "removed $key"
  exit 0
fi

mkdir -p "$PGHA_STATE"
exec 9>"$PGHA_STATE/certificate-request.lock"
flock -w 60 9 || fail "certificate-request: another run did not end within 60 s"
install -d -o root -g root -m 0755 "$(dirname "$folder")" "$folder"
new=$(mktemp -d "$folder/.new-XXXXXX")
trap 'rm -rf "$new"' EXIT INT TERM HUP
# Nothing of the host's own configuration of openssl takes part.
printf '[req]\ndistinguished_name = none\n[none]\n' >"$new/config"

# It never asks for a passphrase: a key that has one is of no use to a service.
public() {
  openssl pkey -in "$key" -passin pass: -pubout </dev/null 2>"$new/error"
}

if [ ! -e "$key" ]; then
  # In a folder of root's alone, and under its name only when it is whole and its owner's.
  (umask 077 && openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$new/key" 2>"$new/error") ||
    fail "no private key could be made on $(uname -n): $(cat "$new/error")"
  chown "$user:$user" "$new/key"
  sync "$new/key" 2>/dev/null || true
  mv -fT "$new/key" "$key"
  label "$key"
  result=changed
fi
if [ "$(stat -c '%a %U:%G' "$key")" != "600 $user:$user" ]; then
  chown "$user:$user" "$key"
  chmod 0600 "$key"
  result=changed
fi
public >"$new/public" || fail "$key on $(uname -n) is damaged, or no private key without a passphrase ($(tail -n 1 "$new/error")); put it back from a backup, or remove it and apply again: a new key gets a new certificate"

# Not in one call: since 3.5 openssl prints what it thinks of the signature beside the key.
if ! openssl req -in "$request" -verify -noout >/dev/null 2>&1 ||
  [ "$(openssl req -in "$request" -noout -pubkey 2>/dev/null || true)" != "$(cat "$new/public")" ]; then
  openssl req -new -config "$new/config" -subj / -sha256 -key "$key" -passin pass: -out "$new/request" </dev/null 2>"$new/error" ||
    fail "no certificate request could be made on $(uname -n): $(tail -n 1 "$new/error")"
  chmod 0644 "$new/request"
  mv -fT "$new/request" "$request"
  result=changed
fi
cat "$request"
say "$result" "$key"
