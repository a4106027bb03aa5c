#!/bin/sh
# certificate-verify FOLDER USER [--authority] FILE: refuses a certificate that would shut everybody out who verifies it: one to another key than FOLDER/USER.crt.key, of
# another authority than FOLDER/ca.crt, or one that is not valid at this host's time, since some clock is wrong. --authority: refuses a FILE for FOLDER/ca.crt that has not the
# authority that signed FOLDER/USER.crt, by which the others know this host.
set -eu
. /usr/local/lib/postgres-ha/lib

folder=$1 user=$2
if [ "$3" = --authority ]; then
  file=$4
  openssl verify -no_check_time -CAfile "$file" "$folder/$user.crt" >/dev/null 2>&1 ||
    ! openssl verify -no_check_time -CAfile "$folder/ca.crt" "$folder/$user.crt" >/dev/null 2>&1 ||
    fail "this host and its clients trust another authority, made from another authoritySeed or ownAuthority: put that back; another authority takes over by tls.authorities, in steps"
  say unchanged "$file"
  exit 0
fi
file=$3
key=$(openssl pkey -in "$folder/$user.crt.key" -passin pass: -pubout </dev/null 2>/dev/null) || fail "$folder/$user.crt.key is no private key"
[ "$(openssl x509 -in "$file" -noout -pubkey 2>/dev/null || true)" = "$key" ] || fail "the certificate is not that of $folder/$user.crt.key; apply once more"
# Strictly: some of those who verify it do.
verdict=$(openssl verify -x509_strict -CAfile "$folder/ca.crt" "$file" 2>&1) || {
  reason=$(printf '%s\n' "$verdict" | sed -n 's/^error [0-9]* at .*lookup: *//p' | head -n 1)
  fail "${reason:-$verdict}; here it is $(date -u '+%Y-%m-%d %H:%M') UTC: see that the clock is right, here and where the stack is applied"
}
say unchanged "$file"
