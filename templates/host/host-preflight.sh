# host-preflight: read by `sh -s` from stdin, before anything is written on the host. Reports everything that is wrong at once.
# Arguments: SYSTEM CORES MEMORY INTERFACE ADDRESS VIP DATA_DIRECTORY DATA_SPACE BUILD_SPACE CLOCK PACKAGES CLASHES FIREWALL PORT…
# PACKAGES: words PACKAGE=LEAST-VERSION=KEY of what the distribution is to give, and which key of the stack asks for it.
# CLASHES: words FROM-BELOW of the versions of Patroni that cannot run with the etcd that the stack asks for.
set -eu
LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

system=$1 cores=$2 memory=$3 interface=$4 address=$5 vip=$6 data=$7 data_space=$8
shift 8
build_space=$1 clock=$2 packages=$3 clashes=$4 firewall=$5
shift 5

problems=0
problem() {
  problems=$((problems + 1))
  printf 'preflight: %s: %s\n' "$(uname -n)" "$1" >&2
}

[ "$(id -u)" = 0 ] || problem "not run as root; let ssh.user be root or give it password-less sudo"
[ -d /run/systemd/system ] || problem "systemd is not the init system; only systems with systemd are supported"

ID='' ID_LIKE='' PRETTY_NAME='an unknown system'
# shellcheck disable=SC1091
[ ! -r /etc/os-release ] || . /etc/os-release
case " $ID $ID_LIKE " in
  *\ debian\ * | *\ ubuntu\ *) family=debian ;;
  *\ rhel\ * | *\ fedora\ * | *\ centos\ *) family=rhel ;;
  *) family=unknown ;;
esac
if [ "$family" != "$system" ]; then
  problem "runs $PRETTY_NAME (family $family), the stack says system: $system; correct hosts[].system"
fi

have=$(nproc)
[ "$have" -ge "$cores" ] || problem "has $have cores, the stack says cores: $cores; correct hosts[].cores"
# A machine never shows all of its memory: a tenth is the kernel's.
have=$(awk '/^MemTotal:/ { printf "%.0f", $2 * 1024 }' /proc/meminfo)
if [ "$((have * 10 / 9))" -lt "$memory" ]; then
  problem "has $((have / 1048576)) MB of memory, the stack says $((memory / 1048576)) MB; correct hosts[].memory"
fi

if [ ! -d "/sys/class/net/$interface" ]; then
  problem "has no interface $interface (it has: $(cd /sys/class/net && echo *)); correct hosts[].interface"
elif ! ip -4 -o addr show dev "$interface" | grep -qF " $address/"; then
  problem "interface $interface does not carry $address; correct hosts[].address or hosts[].interface"
fi

existing() { # the nearest folder that is there
  folder=$1
  while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
  printf '%s' "$folder"
}
space() { # FOLDER LEAST WHAT
  free=$(df -PB1 "$(existing "$1")" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$2" ] || problem "$1 has $((free / 1048576)) MB free, $3 needs $(($2 / 1048576)) MB (preflight.$4)"
}

managed=no
[ ! -e /var/lib/postgres-ha/manifest ] || managed=yes
if [ "$managed" = no ]; then
  space "$data" "$data_space" "the database" dataSpace
  space /var/cache "$build_space" "the build" buildSpace
  # Ports, VIP and a foreign PostgreSQL matter on a host that is not ours yet; later they are our own.
  for port in "$@"; do
    if ss -Hltn "sport = :$port" | grep -q .; then
      problem "TCP port $port is taken by $(ss -Hltnp "sport = :$port" | sed -n 's/.*users:((\([^,]*\).*/\1/p' | head -n 1); stop it or change ports in the stack"
    fi
  done
  if ip -4 -o addr show | grep -qF " $vip/"; then
    problem "already carries the virtual IP $vip, but not by this stack; free it or change vip.address"
  elif ping -c 1 -W 1 "$vip" >/dev/null 2>&1; then
    problem "the virtual IP $vip answers already; free it or change vip.address"
  fi
  if [ -e "$data/PG_VERSION" ]; then
    problem "$data holds a PostgreSQL instance that is not ours; move it away or change postgres.dataDirectory"
  elif [ -L "$data" ]; then
    problem "$data is a symbolic link, which a fresh copy of the database would replace; set postgres.dataDirectory to where it leads, $(readlink -f "$data" || readlink "$data")"
  elif [ -e "$data/lost+found" ]; then
    problem "$data is a file system's root with lost+found in it, where no instance can be made; set postgres.dataDirectory to a directory below it, $data/pgdata"
  elif [ -n "$(ls -A "$data" 2>/dev/null || true)" ]; then
    problem "$data holds files and no PostgreSQL instance; move them away or change postgres.dataDirectory, for instance to $data/pgdata"
  fi
  foreign=$(pgrep -x 'postgres|postmaster' -a 2>/dev/null | head -n 1 || true)
  [ -z "$foreign" ] || problem "a foreign PostgreSQL runs ($foreign); stop it first"
fi

# Stopped is not enough: at the next boot it would be back, and take port and memory.
for unit in $(systemctl list-unit-files --no-legend --state=enabled,enabled-runtime 'postgresql*.service' 2>/dev/null | awk '{ print $1 }'); do
  clusters=''
  case $unit in
    *@.service) continue ;;
    postgresql.service)
      # The Debian family's starts nothing itself, but each cluster that does not say otherwise.
      if [ -d /usr/share/postgresql-common ]; then
        for cluster in /etc/postgresql/*/*/; do
          if [ -e "$cluster/postgresql.conf" ] && ! grep -qE '^[[:space:]]*(manual|disabled)' "$cluster/start.conf" 2>/dev/null; then clusters="$clusters $cluster"; fi
        done
        [ -n "$clusters" ] || continue
      fi
      ;;
  esac
  problem "$unit is enabled and starts a PostgreSQL of the distribution's at boot${clusters:+ (${clusters# })}; run systemctl disable --now $unit"
done

# Where two filter, what one of them drops stays dropped; and one that loads its rules at boot may flush those of the other.
filters_of() {
  if grep -qsi '^ENABLED=yes' /etc/ufw/ufw.conf || { command -v ufw >/dev/null 2>&1 && ufw status 2>/dev/null | grep -q '^Status: active'; }; then
    echo 'ufw (ufw disable)'
    return
  fi
  for unit in nftables iptables ip6tables netfilter-persistent shorewall ferm; do
    if systemctl is-enabled --quiet "$unit.service" 2>/dev/null || systemctl is-active --quiet "$unit.service" 2>/dev/null; then
      echo "$unit.service (systemctl disable --now $unit)"
    fi
  done
  # Tables with a chain that packets for this host pass and that drops some, whoever sends them: addresses that are banned one by one do not count.
  if command -v nft >/dev/null 2>&1; then
    nft list ruleset 2>/dev/null | awk '
      $1 == "table" { table = $2 "/" $3; ours = $3 == "firewalld" || $3 == "postgres_ha_drill"; chain = ""; next }
      ours { next }
      $1 == "chain" { chain = table "/" $2; if ($2 == "INPUT_ZONES") firewalld[table] = 1; next }
      $1 == "}" { chain = "" }
      chain == "" { next }
      / hook (input|output) / { begins[chain] = table; if (/policy drop/) drops[chain] = 1; next }
      { for (i = 1; i < NF; i++) if ($i == "jump" || $i == "goto") next_of[chain] = next_of[chain] " " table "/" $(i + 1) }
      /(^|[ \t])(drop|reject)([ \t]|$)/ && !/saddr [^!]/ && !/daddr 127/ && !/ct state invalid/ { drops[chain] = 1 }
      function reaches(chain, list, count, i) {
        if (drops[chain]) return 1
        if (seen[chain]++) return 0
        count = split(next_of[chain], list, " ")
        for (i = 1; i <= count; i++) if (reaches(list[i])) return 1
        return 0
      }
      END {
        for (chain in begins) if (!firewalld[begins[chain]] && reaches(chain)) found[begins[chain]] = 1
        for (table in found) { split(table, part, "/"); print "nftables table " part[1] " " part[2] " (nft delete table " part[1] " " part[2] ", and wherever it is loaded from)" }
      }' | sort
  elif command -v iptables >/dev/null 2>&1 && { [ -s /proc/net/ip_tables_names ] || iptables -V 2>/dev/null | grep -q nf_tables; }; then
    iptables -S 2>/dev/null | awk '
      / INPUT_ZONES/ { firewalld = 1 }
      /^-P (INPUT|OUTPUT) DROP/ || (/ -j (DROP|REJECT)/ && !/ -s [0-9]/ && !/ -d 127/ && !/INVALID/ && !/^-A (FORWARD|DOCKER)/) { found = 1 }
      END { if (found && !firewalld) print "rules of iptables (iptables -S lists them)" }'
  fi
}
if [ "$firewall" != untouched ]; then
  case $firewall in managed) beside='firewalld, which the stack manages' ;; *) beside='a stack that wants no firewall (firewall.mode: disabled)' ;; esac
  while read -r filter; do
    [ -z "$filter" ] || problem "a packet filter of somebody else works beside $beside: $filter; take it away, or set firewall.mode: untouched and let the cluster's ports through yourself"
  done <<FILTERS
$(filters_of)
FILTERS
fi

if [ "$clock" = yes ] && ! systemd-detect-virt --quiet --container; then
  # A container has its host's clock; everything else must be in step, or leases and logs lie.
  if [ "$(timedatectl show -p NTPSynchronized --value 2>/dev/null || echo no)" != yes ]; then
    problem "the clock is not synchronised; start chrony or systemd-timesyncd, or set preflight.clock: false"
  fi
fi

# What the distribution offers, as far as its lists are there; empty where they are not, and then the installation says so.
offered() {
  case $family in
    debian) apt-cache policy "$1" 2>/dev/null | sed -n 's/^  Candidate: *//p' | grep -v '^(none)$' ;;
    rhel) dnf -qC repoquery --latest-limit=1 --qf '%{version}' "$1" 2>/dev/null || rpm -q --qf '%{VERSION}' "$1" 2>/dev/null | grep -v ' ' ;;
  esac | head -n 1 | sed 's/^[0-9]*://'
}
# at_least VERSION LEAST
at_least() {
  [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}
for wanted in $packages; do
  package=${wanted%%=*} least=${wanted#*=}
  least=${least%=*}
  key=$(printf '%s' "${wanted##*=}" | tr _ ' ')
  version=$(offered "$package")
  if [ -n "$version" ] && ! at_least "$version" "$least"; then
    problem "$PRETTY_NAME gives $package $version, at least $least is needed; change $key in the stack"
  fi
done

# etcd is renewed before Patroni, which runs meanwhile as it is.
running=''
for program in /usr/bin/patroni /opt/patroni/bin/patroni; do
  [ ! -x "$program" ] || running=$("$program" --version 2>/dev/null | sed -n 's/^patroni //p')
done
for clash in $clashes; do
  if [ -n "$running" ] && at_least "$running" "${clash%-*}" && ! at_least "$running" "${clash#*-}"; then
    problem "Patroni $running runs here, which cannot work with the etcd of the stack: first renew Patroni alone (patroni.version, with etcd.version as it runs here), then etcd"
  fi
done

if [ "$problems" -gt 0 ]; then
  printf 'preflight: %s: %s problem(s); nothing was changed on this host\n' "$(uname -n)" "$problems" >&2
  exit 1
fi
echo "unchanged: $PRETTY_NAME is fit"
