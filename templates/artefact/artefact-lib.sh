#!/bin/sh
# shellcheck disable=SC2034 # its variables are read by the scripts that source it
# Shared by the tools that build from source: one archive for each program, version, system and recipe, looked for in the host's cache, in the
# mirror of finished builds and on the build host, and compiled only when nobody has it. Sourced after lib, never run.

artefact_build_home=$PGHA_CACHE/build
artefact_user=postgres-ha-build

# Sets artefact_name for PROGRAM VERSION and the recipe on stdin: all that decides what the build yields.
artefact_identify() {
  artefact_recipe=$(sha256sum | cut -c1-12)
  artefact_system=$(artefact_system)
  artefact_name="$1-$2-$artefact_system-$(uname -m)-$artefact_recipe"
  artefact_path="$PGHA_CACHE/$artefact_name.tar.gz"
  artefact_log="$PGHA_CACHE/log/$artefact_name.log"
  mkdir -p "$PGHA_CACHE/log"
  # The build user writes its log there.
  chmod 0755 "$PGHA_CACHE" "$PGHA_CACHE/log"
}

# The system that an archive is made for. The RHEL family's minor releases and rebuilds promise one ABI for each major one; where a build from a newer
# minor release lacks something after all, the installation sees it. Every other distribution has its own.
artefact_system() (
  ID='' ID_LIKE='' VERSION_ID=''
  # shellcheck disable=SC1091
  . /etc/os-release
  case " $ID $ID_LIKE " in
    *\ rhel\ * | *\ centos\ * | *\ ol\ *) printf 'el%s\n' "${VERSION_ID%%.*}" ;;
    *) printf '%s%s\n' "${ID:-linux}" "$VERSION_ID" ;;
  esac
)

# One run at a time for one archive; a run whose connection was lost may still be at it. The lock ends with the process.
artefact_lock() {
  mkdir -p "$PGHA_STATE"
  exec 8>"$PGHA_STATE/$artefact_name.lock"
  if ! flock -n 8; then
    echo "waiting: another run is making $artefact_name"
    flock -w 7200 8 || fail "another run on $(uname -n) has been making $artefact_name for two hours"
  fi
}

# Whether the cache holds the archive undamaged.
artefact_cached() {
  [ -f "$artefact_path" ] && [ -f "$artefact_path.sha256" ] &&
    [ "$(file_sha "$artefact_path")" = "$(cut -d' ' -f1 <"$artefact_path.sha256")" ]
}

# artefact_store FILE: FILE becomes the cached archive. The checksum comes last: without it the archive does not count.
artefact_store() {
  rm -f "$artefact_path.sha256"
  chown root:root "$1"
  chmod 0644 "$1"
  mv -f "$1" "$artefact_path"
  printf '%s  %s\n' "$(file_sha "$artefact_path")" "$artefact_name.tar.gz" >"$artefact_path.sha256.new"
  mv -f "$artefact_path.sha256.new" "$artefact_path.sha256"
}

# download URL FILE SHA256|- [by_proxy|directly]: fetches URL into FILE, which is there only when it is whole and right.
download() {
  if [ "$3" != - ] && [ "$(file_sha "$2")" = "$3" ]; then
    return 0
  fi
  if ! download_error=$("${4:-by_proxy}" curl -fsSL --retry 5 --retry-delay 2 --retry-connrefused --connect-timeout 15 --speed-time 60 --speed-limit 1 \
    -o "$2.part" "$1" 2>&1); then
    rm -f "$2.part"
    printf 'error: %s could not be fetched: %s\n' "$1" "$download_error" >&2
    return 1
  fi
  download_sum=$(file_sha "$2.part")
  if [ "$3" != - ] && [ "$download_sum" != "$3" ]; then
    rm -f "$2.part"
    printf 'error: %s: expected SHA-256 %s, seen %s\n' "$1" "$3" "$download_sum" >&2
    return 1
  fi
  mv -f "$2.part" "$2"
}

# artefact_fetch FOLDER SHA256|- by_proxy|directly: takes the archive from a mirror or a build host. With a dash the checksum beside it there decides.
# Quiet when there is none: that is no error.
artefact_fetch() {
  fetch_sum=$2
  if ! "$3" curl -fsSL --retry 2 --connect-timeout 5 -o "$artefact_path.sum" "$1/$artefact_name.tar.gz.sha256" 2>/dev/null; then
    rm -f "$artefact_path.sum"
    return 1
  fi
  fetch_seen=$(cut -d' ' -f1 <"$artefact_path.sum")
  rm -f "$artefact_path.sum"
  if [ "$fetch_sum" = - ]; then fetch_sum=$fetch_seen; fi
  # Somebody else's build of the same recipe: not the one that was announced.
  [ "$fetch_sum" = "$fetch_seen" ] || return 1
  download "$1/$artefact_name.tar.gz" "$artefact_path.fetched" "$fetch_sum" "$3" || return 1
  artefact_store "$artefact_path.fetched"
}

# artefact_compile LIMIT TOOL ARGUMENT…: runs TOOL as the unprivileged build user in a unit of its own, so that it survives a lost connection: a
# later run finds the unit at work, or its result. TOOL gets the build folder as first argument; the result.tar.gz it leaves there is renamed to
# that name only when it is whole.
artefact_compile() {
  compile_limit=$1 compile_tool=$2
  shift 2
  compile_unit=postgres-ha-build-$artefact_name.service
  compile_folder=$artefact_build_home/$artefact_name
  compile_start=$(date +%s)
  if ! artefact_compiling; then
    systemctl reset-failed "$compile_unit" 2>/dev/null || true
    chown -R "$artefact_user" "$compile_folder"
    : >"$artefact_log"
    chown "$artefact_user" "$artefact_log"
    # The unit has systemd's environment, and what it downloads may need root's proxy. In a file, since its address may hold a password; and where systemd
    # itself may read it, whom SELinux keeps from what lies in /var/cache.
    compile_environment=/run/$compile_unit.env
    (
      umask 077
      { env | grep -iE '^(https?|ftp|all)_proxy=' || true; } >"$compile_environment"
      printf 'no_proxy=%s\n' "$PGHA_NO_PROXY" >>"$compile_environment"
    )
    # No StandardOutput=append: systemd 239 does not know it.
    # The single quotes are for the shell in the unit.
    # shellcheck disable=SC2016
    systemd-run --quiet --unit="$compile_unit" --uid="$artefact_user" --nice=5 \
      --property=RuntimeMaxSec="$compile_limit" --property=PrivateTmp=yes --property=NoNewPrivileges=yes \
      --property=ProtectSystem=full --property=WorkingDirectory="$compile_folder" --property=EnvironmentFile="$compile_environment" \
      /bin/sh -c 'log=$1; shift; exec "$@" >>"$log" 2>&1' sh "$artefact_log" "$PGHA_TOOLS/$compile_tool" "$compile_folder" "$@" 8>&-
    echo "compiling $artefact_name; its log is $artefact_log"
  else
    echo "compiling $artefact_name was begun by an earlier run; its log is $artefact_log"
  fi
  compile_said=$compile_start
  while unit_at_work "$compile_unit"; do
    sleep 1
    compile_now=$(date +%s)
    # A line now and then: for whoever waits, and for whatever drops connections that are silent.
    if [ $((compile_now - compile_said)) -ge 20 ]; then
      compile_said=$compile_now
      printf '%s s: %s\n' "$((compile_now - compile_start))" "$(tail -n 1 "$artefact_log" | cut -c1-100)"
    fi
  done
  rm -f "/run/$compile_unit.env"
  if [ ! -f "$compile_folder/result.tar.gz" ]; then
    tail -n 40 "$artefact_log" >&2
    compile_why=$(systemctl show -p Result --value "$compile_unit" 2>/dev/null || true)
    systemctl reset-failed "$compile_unit" 2>/dev/null || true
    fail "compiling $artefact_name on $(uname -n) failed (${compile_why:-no unit}); the whole log is $artefact_log"
  fi
  # What it was compiled with, for the bill of materials. Without it the bill says less, and the build is no worse.
  # Word splitting is meant: a list of names.
  # shellcheck disable=SC2086
  if [ -n "${build_packages:-}" ] && "$PGHA_TOOLS/host-bill" $build_packages >"$artefact_path.packages.new"; then
    mv -f "$artefact_path.packages.new" "$artefact_path.packages"
  fi
  artefact_store "$compile_folder/result.tar.gz"
  rm -rf "$compile_folder"
}

unit_at_work() {
  case $(systemctl show -p ActiveState --value "$1" 2>/dev/null) in
    active | activating | deactivating | reloading) return 0 ;;
    *) return 1 ;;
  esac
}

# Whether an earlier run's compilation is at work or done: then nothing is prepared anew.
artefact_compiling() {
  [ -f "$artefact_build_home/$artefact_name/result.tar.gz" ] || unit_at_work "postgres-ha-build-$artefact_name.service"
}

# A fresh, empty build folder; prints nothing. Root's until the compilation begins.
artefact_folder() {
  build_user_ensure
  mkdir -p "$artefact_build_home"
  # The build user must reach its folder; the archives in the cache are no secret.
  chmod 0755 "$PGHA_CACHE" "$artefact_build_home"
  rm -rf "${artefact_build_home:?}/$artefact_name"
  mkdir -m 0700 "$artefact_build_home/$artefact_name"
}

build_user_ensure() {
  "$PGHA_TOOLS/user-ensure" "$artefact_user" "$artefact_build_home" >/dev/null
}

# The line by which the other hosts know the archive.
artefact_announce() {
  printf 'archive=%s sha256=%s\n' "$artefact_name" "$(cut -d' ' -f1 <"$artefact_path.sha256")"
}

# What both builds are asked for. Sets build_* from the options; the packages and flags stay lists of words.
artefact_options() {
  build_version='' build_sha256='' build_source='' build_artefacts='' build_peer='' build_serve='' build_packages='' build_flags=''
  build_prefix='' build_cores=1 build_libraries=modules build_proxy='' build_patches='' build_patches_sha256=''
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || fail "option $1 lacks its value"
    case $1 in
      --version) build_version=$2 ;;
      --sha256) build_sha256=$2 ;;
      --source) build_source=$2 ;;
      --artefacts) build_artefacts=$2 ;;
      --peer) build_peer=$2 ;;
      --serve) build_serve=$2 ;;
      --packages) build_packages=$2 ;;
      --flags) build_flags=$2 ;;
      --prefix) build_prefix=$2 ;;
      --cores) build_cores=$2 ;;
      --libraries) build_libraries=$2 ;;
      --go-proxy) build_proxy=$2 ;;
      --patches) build_patches=$2 ;;
      --patches-sha256) build_patches_sha256=$2 ;;
      *) fail "unknown option $1" ;;
    esac
    shift 2
  done
}

# artefact_obtain ANNOUNCED: the archive into the cache, from wherever it is had without compiling. ANNOUNCED: the build host's checksum or a dash.
artefact_obtain() {
  if artefact_cached; then return 0; fi
  if [ -n "$build_artefacts" ] && artefact_fetch "$build_artefacts" "$1" by_proxy; then return 0; fi
  if [ -n "$build_peer" ] && [ "$1" != - ]; then
    if artefact_fetch "$build_peer" "$1" directly; then return 0; fi
    echo "$build_peer does not serve $artefact_name any more: it is compiled here"
  fi
  return 1
}

# artefact_announced: the checksum for this archive in what the build host said (stdin), or a dash.
artefact_announced() {
  announced=$(sed -n "s/^archive=$artefact_name sha256=\\([0-9a-f]\\{64\\}\\)\$/\\1/p" | tail -n 1)
  printf '%s\n' "${announced:--}"
}
