#!/bin/sh
# etcd-compile FOLDER VERSION modules|distribution PROXY CORES: compiles FOLDER/source.tar.gz to FOLDER/result.tar.gz. Runs as the build user in a
# unit of its own; artefact-lib starts it.
set -eu
folder=$1 version=$2 libraries=$3 proxy=$4 cores=$5

# A host may have nothing run that lies in /tmp. Whatever of Go's settings a distribution or an administrator has changed counts for nothing here.
export HOME="$folder" GOCACHE="$folder/gocache" TMPDIR="$folder/tmp" GOTMPDIR="$folder/tmp" GOENV=off CGO_ENABLED=0 GOTOOLCHAIN=local GOMAXPROCS="$cores"
mkdir -p "$folder/tmp"
tree=$folder/gopath/src/go.etcd.io/etcd
mkdir -p "$tree" "$folder/result"
tar -C "$tree" --strip-components=1 -xf "$folder/source.tar.gz"

case $libraries in
  modules)
    # go.sum in the source pins the checksum of every module: the proxy need not be trusted, nor is the checksum database asked for one. The RHEL
    # family's Go comes without the file that names Go's own proxy, and takes an empty list for an error: there each module's own repository is asked.
    proxy=${proxy:-$(unset GOPROXY && go env GOPROXY)}
    export GOPATH="$folder/gopath" GOFLAGS='-trimpath -mod=readonly' GO111MODULE=on GOPROXY="${proxy:-direct}" GOSUMDB=sum.golang.org
    needed=$(awk '$1 == "go" { print $2; exit }' "$tree/server/go.mod")
    here=$(go env GOVERSION | sed -n 's/^go\([0-9][0-9.]*\).*/\1/p')
    newest() { printf '%s\n' "$@" | sort -V | tail -n 1; }
    too_old() {
      echo "etcd $version needs Go $needed or later, this host has ${here:-none that tells its version}, $1."
      echo "Ways out: etcd.method: archive (finished programs, compiled by the project) or package; mirrors.artefacts with a finished build; an older etcd.version; a newer Go on the host that compiles."
      exit 1
    }
    if [ "$(newest "$needed" "$here")" != "$here" ]; then
      # Go fetches another one since 1.21, and checks it against its checksum database, by way of the proxy where that passes it on.
      [ "$(newest 1.21 "$here")" = "$here" ] || too_old "which cannot fetch one"
      export GOTOOLCHAIN=auto
      fetched=$(cd "$tree/server" && go env GOVERSION 2>&1) || too_old "and a newer one cannot be fetched from $GOPROXY: $fetched"
      echo "this host has Go $here, etcd $version needs $needed: compiling with $fetched from $GOPROXY"
    fi
    revision=go.etcd.io/etcd/api/v3/version.GitSHA
    ;;
  distribution)
    # The distribution's libraries lie in a GOPATH. Its versions differ from go.mod's, hence its patches.
    export GOPATH="$folder/gopath:/usr/share/gocode" GOFLAGS=-trimpath GO111MODULE=off
    if [ -f "$folder/patches.tar.xz" ]; then
      mkdir -p "$folder/patches"
      tar -C "$folder/patches" -xf "$folder/patches.tar.xz"
      series=$(find "$folder/patches" -path '*/patches/series' | head -n 1)
      [ -n "$series" ] || { echo "the archive of patches holds no patches/series"; exit 1; }
      while read -r name _; do
        case $name in '' | '#'*) continue ;; esac
        echo "patch $name"
        (cd "$tree" && patch -p1 -s -N <"${series%/series}/$name")
      done <"$series"
    fi
    revision=go.etcd.io/etcd/api/version.GitSHA
    ;;
  *) echo "unknown libraries $libraries"; exit 1 ;;
esac

for program in etcd:server etcdctl:etcdctl etcdutl:etcdutl; do
  echo "go build ${program%:*}"
  (cd "$tree/${program#*:}" && go build -ldflags "-s -w -X $revision=v$version" -o "$folder/result/${program%:*}" .)
done
# Modules are read-only files in read-only folders; the cleaning up should not fail on them.
chmod -R u+w "$folder/gopath"
tar -C "$folder/result" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf - etcd etcdctl etcdutl | gzip -n >"$folder/result.part"
mv -f "$folder/result.part" "$folder/result.tar.gz"
echo "done"
