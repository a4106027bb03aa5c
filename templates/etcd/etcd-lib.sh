#!/bin/sh
# shellcheck disable=SC2154 # build_… are set by artefact-lib
# Shared by the tools of etcd. Sourced after lib, never run.

# member_health URL: whether the member serves, which includes that it sees a leader and a quorum. Needs no password, unlike etcdctl. One whose database is
# full (the alarm NOSPACE) has both, and may be restarted with more room: etcd-verify ends the alarm afterwards.
member_health() {
  health_said=$(curl -sS --max-time 3 "$1/health?exclude=NOSPACE" 2>&1) || {
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
  curl -sS --max-time 2 -o /dev/null "$1/version" 2>/dev/null || listens_code=$?
  # 7: nobody listens, 28: nobody answers.
  [ "$listens_code" -ne 7 ] && [ "$listens_code" -ne 28 ]
}

# members PEER-URL: the members that vote, serving or not, as the one there knows them: a line of name and client address each; a dash for the name of one
# that was never started.
members() {
  curl -sS --max-time 5 "$1/members" | tr '{' '\n' | awk '
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
