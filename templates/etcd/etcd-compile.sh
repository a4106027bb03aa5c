#!/bin/sh
# etcd-compile FOLDER VERSION modules|distribution PROXY CORES: compiles FOLDER/source.tar.gz to FOLDER/result.tar.gz. Runs as the build user in a
# unit of its own; artefact-lib starts it.
set -eu
folder=$1 version=$2 libraries=$3 proxy=$4 cores=$5

export HOME="$folder" GOCACHE="$folder/gocache" CGO_ENABLED=0 GOTOOLCHAIN=local GOMAXPROCS="$cores"
tree=$folder/gopath/src/go.etcd.io/etcd
mkdir -p "$tree" "$folder/result"
tar -C "$tree" --strip-components=1 -xf "$folder/source.tar.gz"

case $libraries in
  modules)
    # go.sum in the source pins the checksum of every module: the proxy need not be trusted.
    export GOPATH="$folder/gopath" GOFLAGS='-trimpath -mod=readonly' GO111MODULE=on
    if [ -n "$proxy" ]; then export GOPROXY="$proxy"; fi
    # Each tag names the Go that it needs, newer than most distributions'. From 1.21 on Go fetches that from the proxy, checked against Go's checksum database.
    export GOTOOLCHAIN=auto
    case $(go env GOVERSION) in
      go1.? | go1.?.* | go1.1? | go1.1?.* | go1.20 | go1.20.*)
        echo "etcd $version needs a newer Go than $(go env GOVERSION), which cannot fetch one: use etcd.method: archive"
        exit 1
        ;;
    esac
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
