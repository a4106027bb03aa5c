#!/bin/sh
# shellcheck disable=SC2154 # build_… and artefact_… are set by artefact-lib
# postgres-build OPTIONS: PostgreSQL's archive into this host's cache, compiled only when nobody has it; options in artefact-lib.
# On stdin: what the build host said, for the hosts that fetch from it. Prints a line `archive=NAME sha256=SUM`.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/artefact-lib
. /usr/local/lib/postgres-ha/postgres-lib

artefact_options "$@"
postgres_identify
announced=$(artefact_announced)
artefact_lock

result=changed
if artefact_cached; then
  result=unchanged
elif ! artefact_obtain "$announced"; then
  if ! artefact_compiling; then
    # Word splitting is meant: a list of names. The lock must not live on in a service that a package starts.
    # shellcheck disable=SC2086
    "$PGHA_TOOLS/packages-install" $build_packages 8>&-
    artefact_folder
    download "$build_source" "$artefact_build_home/$artefact_name/source.tar.bz2" "$build_sha256" ||
      fail "PostgreSQL $build_version has no source on $(uname -n)"
  fi
  # One flag of configure a line: a flag may hold blanks.
  set -f
  IFS='
'
  # shellcheck disable=SC2086
  set -- $build_flags
  unset IFS
  set +f
  artefact_compile 7200 postgres-compile "$build_prefix" "$build_cores" "$@"
fi
artefact_announce
if [ -n "$build_serve" ]; then
  "$PGHA_TOOLS/artefact-serve" "${build_serve%:*}" "${build_serve##*:}" "$artefact_path" 8>&-
fi
say "$result" "PostgreSQL $build_version is built"
