#!/bin/sh
# shellcheck disable=SC2154 # build_… are set by artefact-lib
# Shared by the tools of the PostgreSQL build. Sourced after artefact-lib, never run.

# The archive of the build that was asked for. The number counts the changes of postgres-compile that change its result.
postgres_identify() {
  artefact_identify postgresql "$build_version" <<RECIPE
postgresql 1 $build_version $build_sha256 $build_prefix $build_flags
RECIPE
}
