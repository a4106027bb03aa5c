#!/bin/sh
# certificate-verify FOLDER USER FILE: refuses a certificate that would shut everybody out who verifies it: one to another key than FOLDER/USER.key, of another
# authority than FOLDER/ca.crt, or one that is not valid at this host's time, since some clock is wrong.
set -eu
. /usr/local/lib/postgres-ha/lib

folder=$1 user=$2 file=$3
key=$(openssl pkey -in "$folder/$user.key" -passin pass: -pubout </dev/null 2>/dev/null) || fail "$folder/$user.key is no private key"
[ "$(openssl x509 -in "$file" -noout -pubkey 2>/dev/null || true)" = "$key" ] || fail "the certificate is not that of $folder/$user.key; apply once more"
verdict=$(openssl verify -CAfile "$folder/ca.crt" "$file" 2>&1) || {
  reason=$(printf '%s\n' "$verdict" | sed -n 's/^error [0-9]* at .*lookup: *//p' | head -n 1)
  fail "${reason:-$verdict}; here it is $(date -u '+%Y-%m-%d %H:%M') UTC: see that the clock is right, here and where the stack is applied"
}
say unchanged "$file"
