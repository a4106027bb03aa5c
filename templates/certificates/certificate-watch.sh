#!/bin/sh
# certificate-watch SOON URGENT FILE…: says in the journal which certificates end within SOON days, as a warning, or within URGENT days, as an error. Applying the stack
# would have renewed them, so nobody has done that for long. Run once a day by postgres-ha-certificates.timer.
set -eu
. /usr/local/lib/postgres-ha/lib

soon=$1 urgent=$2
shift 2
now=$(date +%s)
for file in "$@"; do
  end=$(openssl x509 -in "$file" -noout -enddate 2>/dev/null | sed 's/^notAfter=//')
  if [ -z "$end" ]; then
    # The number is the journal's priority (sd-daemon).
    printf '<3>%s cannot be read; apply the stack with reapply raised\n' "$file"
    continue
  fi
  left=$(($(date -d "$end" +%s) - now))
  if [ "$left" -lt 0 ]; then
    printf '<3>%s has ended on %s: nobody who verifies it connects any more; apply the stack, which renews it\n' "$file" "$end"
  elif [ $((left / 86400)) -lt "$urgent" ]; then
    printf '<3>%s ends in %s days; apply the stack, which renews it\n' "$file" $((left / 86400))
  elif [ $((left / 86400)) -lt "$soon" ]; then
    printf '<4>%s ends in %s days; apply the stack, which renews it\n' "$file" $((left / 86400))
  fi
done
say unchanged "looked at $*"
