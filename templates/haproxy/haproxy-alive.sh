#!/bin/sh
# haproxy-alive PORT: whether HAProxy serves; keepalived runs it each second, so it is kept light.
# Only where nothing answers in time is the admin socket asked: it has no connection limit, and an HAProxy that is merely full must keep
# the virtual IP, or a rush of clients would chase it from host to host.
curl --silent --fail --output /dev/null --noproxy '*' --max-time 1 "http://127.0.0.1:$1/health" && exit 0
[ $? -eq 28 ] || exit 1
/usr/local/lib/postgres-ha/haproxy-ask 'show info' >/dev/null 2>&1
