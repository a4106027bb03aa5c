#!/usr/bin/env bash
# Has the repository fetch what the hosts will ask it for. Runs like wheels.sh.
set -eu
# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

layer
# shellcheck disable=SC2086 # a list
fetch install --download-only --no-install-recommends $LAB_PACKAGES
