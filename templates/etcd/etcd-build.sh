#!/bin/sh
# shellcheck disable=SC2154 # build_… and artefact_… are set by artefact-lib
# etcd-build OPTIONS: the archive of etcd's programs into this host's cache, compiled only when nobody has it; options in artefact-lib.
# On stdin: what the build host said, for the hosts that fetch from it. Prints a line `archive=NAME sha256=SUM`.
set -eu
. /usr/local/lib/postgres-ha/lib
. /usr/local/lib/postgres-ha/artefact-lib
. /usr/local/lib/postgres-ha/etcd-lib

artefact_options "$@"
etcd_identify
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
    folder=$artefact_build_home/$artefact_name
    download "$build_source" "$folder/source.tar.gz" "$build_sha256" || fail "etcd $build_version has no source on $(uname -n)"
    if [ -n "$build_patches_sha256" ]; then
      download "$build_patches" "$folder/patches.tar.xz" "$build_patches_sha256" || fail "the patches of etcd $build_version cannot be had"
    fi
  fi
  artefact_compile 3600 etcd-compile "$build_version" "$build_libraries" "$build_proxy" "$build_cores"
fi
artefact_announce
if [ -n "$build_serve" ]; then
  "$PGHA_TOOLS/artefact-serve" "${build_serve%:*}" "${build_serve##*:}" "$artefact_path" 8>&-
fi
say "$result" "etcd $build_version is built"
