#!/bin/sh
# shellcheck disable=SC2154 # build_… are set by artefact-lib
# Shared by the tools of etcd. Sourced after lib, never run.

etcd_authority=/etc/postgres-ha/tls/ca.crt
etcd_certificate=/etc/postgres-ha/tls/etcd.crt

# asked URL [OPTION…]: what answers there, by curl, with this host's certificate where there is TLS. The peers' door offers HTTP/2 and does not speak it.
asked() {
  asked_url=$1
  shift
  case $asked_url in
    https:*) set -- --cacert "$etcd_authority" --cert "$etcd_certificate" --key "$etcd_certificate.key" "$@" ;;
  esac
  curl -sS --http1.1 "$@" "$asked_url"
}

# etcdctl_tls URL: has etcdctl show this host's certificate where there is TLS.
etcdctl_tls() {
  case $1 in
    https:*) export ETCDCTL_CACERT="$etcd_authority" ETCDCTL_CERT="$etcd_certificate" ETCDCTL_KEY="$etcd_certificate.key" ;;
  esac
}

# etcd_settled DATA-DIRECTORY: by what etcd's doors on this host answer: `http`, `https`, or, until all have changed from the one to the other, `both` and the
# one that its peers are answered by. Nothing where it was never started. One that was started before this was recorded had http.
etcd_settled() {
  if ! cat "$PGHA_STATE/etcd-scheme" 2>/dev/null && [ -d "$1/member" ]; then echo http; fi
}

# spoken URL PATH: the URL; its twin of the other scheme where only that one answers.
spoken() {
  case $1 in
    https:*) spoken_twin=http:${1#https:} ;;
    *) spoken_twin=https:${1#http:} ;;
  esac
  if ! asked "$1$2" -f --max-time 3 -o /dev/null 2>/dev/null && asked "$spoken_twin$2" -f --max-time 3 -o /dev/null 2>/dev/null; then
    printf '%s\n' "$spoken_twin"
  else
    printf '%s\n' "$1"
  fi
}

# member_health URL: whether the member serves, which includes that it sees a leader and a quorum. Needs no password, unlike etcdctl. One whose database is
# full (the alarm NOSPACE) has both, and may be restarted with more room: etcd-verify ends the alarm afterwards.
member_health() {
  health_said=$(asked "$1/health?exclude=NOSPACE" --max-time 3 2>&1) || {
    printf '%s\n' "$health_said"
    return 1
  }
  case $health_said in
    *'"health":"true"'*) return 0 ;;
    *) printf '%s\n' "$health_said"; return 1 ;;
  esac
}

# unhealthy NAME=URL…: the names of the members that do not serve, each with what was seen.
unhealthy() {
  for one in "$@"; do
    why=$(member_health "${one#*=}") || printf '%s (%s: %s)\n' "${one%%=*}" "${one#*=}" "$why"
  done
}

# listens PEER-URL: whether a member runs there, serving or not.
listens() {
  listens_code=0
  asked "$1/version" --max-time 2 -o /dev/null 2>/dev/null || listens_code=$?
  # 7: nobody listens, 28: nobody answers.
  [ "$listens_code" -ne 7 ] && [ "$listens_code" -ne 28 ]
}

# speaks PEER-URL: whether a member runs there whose certificate this host believes, and that believes this host's. By http or https is another matter.
speaks() {
  speaks_code=0
  asked "$1/version" --max-time 2 -o /dev/null 2>/dev/null || speaks_code=$?
  # 56: cut off after the greeting; 60: not believed; see listens.
  case $speaks_code in
    7 | 28 | 56 | 60) return 1 ;;
  esac
}

# members PEER-URL: the members that vote, serving or not, as the one there knows them: a line of name and client address each; a dash for the name of one
# that was never started.
members() {
  asked "$1/members" --max-time 5 | tr '{' '\n' | awk '
    !/"peerURLs"/ || /"isLearner":true/ { next }
    {
      name = "-"; url = ""
      if (match($0, /"name":"[^"]*"/)) name = substr($0, RSTART + 8, RLENGTH - 9)
      if (match($0, /"clientURLs":\["[^"]*"/)) url = substr($0, RSTART + 15, RLENGTH - 16)
      print (name == "" ? "-" : name), url
    }'
}

# The archive of the build that was asked for. The number counts the changes of etcd-compile that change its result.
etcd_identify() {
  artefact_identify etcd "$build_version" <<RECIPE
etcd 1 $build_version $build_sha256 $build_libraries $build_patches_sha256
RECIPE
}
