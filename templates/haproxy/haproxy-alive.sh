#!/bin/sh
# haproxy-alive PORT: whether HAProxy serves; keepalived runs it each second, so it is kept light.
# Only where nothing answers in time is the admin socket asked: it has no connection limit, and an HAProxy that is merely full must keep
# the virtual IP, or a rush of clients would chase it from host to host.
ask() {
  curl --silent --fail --output /dev/null --noproxy '*' --max-time 1 "http://127.0.0.1:$1/health"
}
ask "$1" && exit 0
if [ $? -ne 28 ]; then
  # Nobody is there. Asked once more here, so that keepalived need not wait for a second check.
  sleep 0.3
  ask "$1" && exit 0
  [ $? -eq 28 ] || exit 1
fi
/usr/local/lib/postgres-ha/haproxy-ask 'show info' >/dev/null 2>&1
