# host-preflight OPTIONS: read by `sh -s` from stdin, packages-lib before it, before anything is written on the host. Reports everything that is
# wrong at once. What the host's package manager keeps about its repositories may be renewed by it, nothing else.
# --system debian|rhel, --cores, --memory BYTES, --interface, --address, --vip, --data DIRECTORY, --data-space BYTES, --build-space BYTES, --clock yes|no,
# --firewall managed|disabled|untouched, --ports NUMBERS
# --identity "KEY VALUE" lines: what this host must be known by, if it is known already; --members NAME=ADDRESS…: the hosts of the stack
# --leader-removal refuse|switchover: what of a leader that is no host of the stack
# --authorities NAME;…: who signs the certificates, then who else is trusted; own for one that the user brings
# --tls required|optional|off|"": whether clients of PostgreSQL come with TLS; empty where it stays as it is
# --clashes FROM-BELOW…: the versions of Patroni that cannot run with the etcd that the stack asks for
# --packages NAMES: what is installed on the host
# --build "PROGRAM VERSION PATTERN NAME…": a program that this host compiles unless it is had finished (a file of PATTERN: installed), and the packages for that
# --artefacts yes|no: whether a mirror may have finished builds
# --origins NAME=REPOSITORY[,REPOSITORY]…: which repositories beside the distribution's own have a package, or a newer one
# --least "PACKAGE VERSION must|wish TEXT": the least version; TEXT is what to change in the stack instead (must), or what is missing below it (wish)
# --folders DIRECTORIES: where programs will lie that no package brings
set -eu
LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

system='' cores=1 memory=0 interface='' address='' vip='' data='' data_space=0 build_space=0 clock=no firewall=untouched ports='' clashes=''
identity='' members='' leader_removal=refuse tls='' authorities=''
packages='' builds='' artefacts=no origins='' leasts='' folders=''
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "preflight: option $1 lacks its value" >&2; exit 2; }
  case $1 in
    --system) system=$2 ;;
    --cores) cores=$2 ;;
    --memory) memory=$2 ;;
    --interface) interface=$2 ;;
    --address) address=$2 ;;
    --vip) vip=$2 ;;
    --data) data=$2 ;;
    --data-space) data_space=$2 ;;
    --build-space) build_space=$2 ;;
    --clock) clock=$2 ;;
    --firewall) firewall=$2 ;;
    --ports) ports=$2 ;;
    --clashes) clashes=$2 ;;
    --identity) identity=$2 ;;
    --members) members=$2 ;;
    --leader-removal) leader_removal=$2 ;;
    --tls) tls=$2 ;;
    --authorities) authorities=$2 ;;
    --packages) packages=$2 ;;
    --build) builds="$builds$2
" ;;
    --artefacts) artefacts=$2 ;;
    --origins) origins=$2 ;;
    --least) leasts="$leasts$2
" ;;
    --folders) folders=$2 ;;
    *) echo "preflight: unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done

problems=0
problem() {
  problems=$((problems + 1))
  printf 'preflight: %s: %s\n' "$(uname -n)" "$1" >&2
}
# What does not stand in the way.
note() {
  printf 'note: %s: %s\n' "$(uname -n)" "$1"
}
# Words of a list as a sentence has them.
comma() {
  printf '%s\n' "$@" | sed -n 'H; ${ x; s/^\n//; s/\n/, /g; p; }'
}

[ "$(id -u)" = 0 ] || problem "not run as root; let ssh.user be root or give it password-less sudo"
[ -d /run/systemd/system ] || problem "systemd is not the init system; only systems with systemd are supported"

ID='' VERSION_ID='' PRETTY_NAME='an unknown system'
if [ -r /etc/os-release ]; then
  # shellcheck disable=SC1091
  . /etc/os-release
fi
family=$(packages_family)
if [ "$family" != "$system" ]; then
  problem "runs $PRETTY_NAME (family $family), the stack says system: $system; correct hosts[].system"
fi
case $(cat /sys/fs/selinux/enforce 2>/dev/null || true) in
  1) selinux='SELinux enforcing' ;;
  0) selinux='SELinux permissive' ;;
  *) selinux='no SELinux' ;;
esac
if [ "$selinux" = 'SELinux enforcing' ]; then
  # Its rule by which HAProxy may bind any address is part of either of these, strange as that is; both are on unless somebody has hardened them away.
  is_on() { [ "$(cut -d' ' -f1 "/sys/fs/selinux/booleans/$1" 2>/dev/null || true)" = 1 ]; }
  is_on kerberos_enabled || is_on nis_enabled || problem "SELinux lets HAProxy bind no address, since its booleans kerberos_enabled and nis_enabled are off; setsebool -P kerberos_enabled on"
  case $(id -Z 2>/dev/null || true) in
    *:unconfined_t:* | '') ;;
    *) problem "root's commands run as $(id -Z), whom SELinux confines; let sudo lead to ROLE=unconfined_r TYPE=unconfined_t for the stack's user" ;;
  esac
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
elif ! command -v ip >/dev/null 2>&1; then
  problem "has no program ip, by which addresses are looked at; install iproute2 (RHEL family: iproute)"
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

# known KEY: this host's value of it. A host that was set up before it was kept has it in the files of its services.
known() {
  if grep -q "^$1 " /var/lib/postgres-ha/identity 2>/dev/null; then
    sed -n "s|^$1 ||p" /var/lib/postgres-ha/identity
    return
  fi
  patroni=/etc/patroni/patroni.yml etcd=/etc/etcd/etcd.conf.yml
  case $1 in
    name) sed -n 's/^scope: *//p' $patroni ;;
    patroni.namespace) sed -n 's/^namespace: *//p' $patroni ;;
    host) sed -n 's/^name: *//p' $patroni ;;
    postgres.dataDirectory) sed -n 's/^  data_dir: *//p' $patroni ;;
    postgres.prefix) sed -n 's|^  bin_dir: *\(.*\)/bin"\{0,1\}$|\1|p' $patroni ;;
    etcd.dataDirectory) sed -n 's/^data-dir: *//p' $etcd ;;
    address) sed -n 's|^listen-peer-urls: .*//\(.*\):.*|\1|p' $etcd ;;
    ports.postgres) sed -n '/^postgresql:/,/^[^ ]/s/^  connect_address: *["'\'']\{0,1\}[0-9.]*:\([0-9]*\).*/\1/p' $patroni ;;
    ports.patroniApi) sed -n '/^restapi:/,/^[^ ]/s/^  connect_address: *["'\'']\{0,1\}[0-9.]*:\([0-9]*\).*/\1/p' $patroni ;;
    ports.etcdClient) sed -n '/^etcd3:/,/^[a-z]*:$/s/^    - *["'\'']\{0,1\}[0-9.]*:\([0-9]*\).*/\1/p' $patroni | head -n 1 ;;
    ports.etcdPeer) sed -n 's|^listen-peer-urls: .*:\([0-9]*\).*|\1|p' $etcd ;;
    voters) sed -n 's/^initial-cluster: *//p' $etcd | tr -d '"' | tr ',' '\n' | sed 's/=.*//' | paste -s -d' ' - ;;
  esac 2>/dev/null | sed 's/^"\(.*\)"$/\1/'
}
wanted() { # KEY
  printf '%s' "$identity" | sed -n "s|^$1 ||p"
}
count() {
  printf '%s' $#
}
if [ "$managed" = yes ] && [ -n "$(known migrating)" ]; then
  problem "is in the middle of a move of its data or its name; end it, or lead it back with the former values in the stack file: ./pgha migrate"
fi
# It is known for as long as it has data.
bound=no
if [ "$managed" = yes ] && { [ -e "$(known postgres.dataDirectory)/PG_VERSION" ] || [ -d "$(known etcd.dataDirectory)/member" ]; }; then bound=yes; fi
if [ "$bound" = yes ]; then
  foreign=''
  for key in stack name patroni.namespace postgres.version postgres.dataDirectory postgres.prefix etcd.dataDirectory ports.postgres ports.patroniApi ports.etcdClient ports.etcdPeer host address; do
    old=$(known "$key") new=$(wanted "$key")
    if [ -z "$old" ] || [ "$old" = "$new" ]; then continue; fi
    foreign="$foreign $key"
    case $key in
      stack) problem "belongs to the stack $old, and this one is $new: use that one, or give this one other hosts (if that stack was only renamed: sudo rm /var/lib/postgres-ha/identity)" ;;
      host) problem "is the member $old of its cluster, the stack says hosts[].name: $new; put $old back, or have it renamed: ./pgha migrate" ;;
      address) problem "is known to the others by its address $old, the stack says hosts[].address: $new; put it back" ;;
      *.dataDirectory) problem "has its data in $old, the stack says $key: $new; put it back, or have it moved, member by member: ./pgha migrate" ;;
      postgres.version) problem "has the data of PostgreSQL $old, the stack says postgres.version: $new; put it back: another major version takes an upgrade of the data" ;;
      *) problem "belongs to a cluster whose $key is $old, the stack says $new; put it back, or, with the database stopped meanwhile: destroy with the old value, change it, apply (the data stay)" ;;
    esac
  done
  # Word splitting is meant: lists of names.
  # shellcheck disable=SC2046,SC2086
  if [ -z "$foreign" ] && [ -n "$(known voters)" ]; then
    old=$(known voters) kept=''
    for name in $(wanted voters); do
      case " $old " in *" $name "*) kept="$kept $name" ;; esac
    done
    if [ $(($(count $kept) * 2)) -le "$(count $old)" ]; then
      problem "has etcd with the members $(comma $old), of which the stack leaves ${kept:+only}${kept:- none}; replace less than half of them at a time, and apply before the next"
    fi
  fi
  # Who leads may not be taken away unasked, and somebody must be left to follow.
  api=$(sed -n '/^restapi:/,/^$/s/^  connect_address: *//p' /etc/patroni/patroni.yml 2>/dev/null | tr -d '"')
  view=$({ curl -sS --cacert /etc/postgres-ha/tls/ca.crt --max-time 5 "https://$api/cluster" || curl -sS --max-time 5 "http://$api/cluster"; } 2>/dev/null | tr '{' '\n' | sed -n 's/.*"name": *"\([^"]*\)".*"role": *"\([^"]*\)".*"state": *"\([^"]*\)".*/\1 \2 \3/p' || true)
  leaving='' leader='' followers=0
  while read -r name role state; do
    [ -n "$name" ] || continue
    case " $members" in
      *" $name="*) [ "$state" != streaming ] || followers=$((followers + 1)) ;;
      *)
        leaving="$leaving $name"
        case $role in leader | standby_leader) leader=$name ;; esac
        ;;
    esac
  done <<VIEW
$view
VIEW
  if [ -n "$leader" ] && [ "$leader_removal" = refuse ]; then
    problem "the stack takes away the host $leader, which leads; hand over first: sudo /usr/local/bin/patronictl switchover --leader $leader (or set patroni.leaderRemoval: switchover)"
  fi
  if [ -n "$leaving" ] && [ "$followers" = 0 ]; then
    problem "the stack takes away$leaving, and no other replica follows the leader at present; see ./pgha status, and mend one first"
  fi
fi
# From none to all and back would cut clients off, and members from each other, until every host has changed.
if [ "$bound" = yes ]; then
  file=/etc/patroni/patroni.yml
  if grep -q '^    - .*hostssl all all ' $file 2>/dev/null; then
    now=required
  elif grep -q '^ *ssl: .*on' $file 2>/dev/null; then
    now=optional
  else
    now=off
  fi
  case "$now $tls" in
    'off required') problem "has a PostgreSQL without TLS, and the stack says tls.clients: required, so that every client which comes without it would be refused at once; set tls.clients: optional and apply, see who still comes without (SELECT usename, client_addr FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE NOT ssl), then take it away" ;;
    'required off') problem "has a PostgreSQL that takes clients with TLS only, and the stack says tls.clients: off; set tls.clients: optional and apply, then off" ;;
  esac
fi
# The others must trust who signs before anything is signed by it, and its predecessor until all have another certificate.
if [ "$bound" = yes ] && [ -s /etc/postgres-ha/tls/postgres.crt ]; then
  lists() { printf '%s\n' "$1" | tr ';' '\n' | grep -qxF "$2"; }
  # Those that are made for the stack have its name, and no other part; whatever else there is is the user's own.
  called() { sed -n "s/^$1= *CN *= *\\($(wanted name) certificate authority[ 0-9]*\\)\$/\\1/p; t; s/^$1=.*/own/p" | sort -u; }
  trusted=$(openssl crl2pkcs7 -nocrl -certfile /etc/postgres-ha/tls/ca.crt 2>/dev/null | openssl pkcs7 -print_certs -noout 2>/dev/null | called subject)
  issuer=$(openssl x509 -in /etc/postgres-ha/tls/postgres.crt -noout -issuer 2>/dev/null | called issuer)
  if [ -n "$trusted" ] && [ -n "$issuer" ] && { ! lists "$trusted" "${authorities%%;*}" || ! lists "$authorities" "$issuer"; }; then
    problem "trusts $(printf '%s' "$trusted" | tr '\n' ',' | sed 's/,/, /g') and has a certificate of '$issuer', and tls.authorities names '$(printf '%s' "$authorities" | sed "s/;/', '/g")', the first to sign; in one step the hosts would not know each other. Put the next one second ([1, 2]) and apply, give the clients the output authority, then put it first, and at last write it alone"
  fi
fi
# held_by_member: whether the virtual IP answers with the network card of one of the others: this host joins a cluster that runs.
held_by_member() {
  card() { ip neigh show to "$1" 2>/dev/null | sed -n 's/.* lladdr \([^ ]*\).*/\1/p' | head -n 1; }
  holder=$(card "$vip")
  [ -n "$holder" ] || return 1
  for member in $members; do
    if [ "${member#*=}" = "$address" ]; then continue; fi
    ping -c 1 -W 1 "${member#*=}" >/dev/null 2>&1 || continue
    [ "$(card "${member#*=}")" != "$holder" ] || return 0
  done
  return 1
}
if [ "$managed" = no ]; then
  space "$data" "$data_space" "the database" dataSpace
  space /var/cache "$build_space" "the build" buildSpace
  # Ports, VIP and a foreign PostgreSQL matter on a host that is not ours yet; later they are our own.
  for port in $ports; do
    if ss -Hltn "sport = :$port" | grep -q .; then
      problem "TCP port $port is taken by $(ss -Hltnp "sport = :$port" | sed -n 's/.*users:((\([^,]*\).*/\1/p' | head -n 1); stop it or change ports in the stack"
    fi
  done
  if ip -4 -o addr show | grep -qF " $vip/"; then
    problem "already carries the virtual IP $vip, but not by this stack; free it or change vip.address"
  elif ping -c 1 -W 1 "$vip" >/dev/null 2>&1 && ! held_by_member; then
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
else
  # A port that the stack has changed may be somebody else's.
  for port in $ports; do
    for pid in $(ss -Hltnp "sport = :$port" 2>/dev/null | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do
      unit=$(sed -n 's|.*/system\.slice/\([^/]*\.service\).*|\1|p' "/proc/$pid/cgroup" 2>/dev/null | head -n 1)
      case $unit in postgres-ha-*) continue ;; esac
      if [ -z "$unit" ] || [ ! -e "/var/lib/postgres-ha/applied/$unit" ]; then
        problem "TCP port $port is taken by $(cat "/proc/$pid/comm" 2>/dev/null || echo "process $pid")${unit:+ ($unit)}; stop it or change ports in the stack"
      fi
    done
  done
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

# Whether its mount lets programs be run and files be written there; both are options of the mount, whatever the mode of the folder says.
mount_has() { # FOLDER OPTION
  case ,$(findmnt -n -o OPTIONS -T "$(existing "$1")" 2>/dev/null | tail -n 1), in
    *,"$2",*) return 0 ;;
    *) return 1 ;;
  esac
}
for folder in $folders; do
  if mount_has "$folder" noexec; then
    problem "$folder is mounted noexec, and programs of the cluster will lie there; mount it without (mount -o remount,exec $(findmnt -n -o TARGET -T "$(existing "$folder")"), and in /etc/fstab)"
  fi
  if mount_has "$folder" ro; then problem "$folder is mounted read-only, and programs of the cluster will lie there; mount it writable"; fi
done
if mount_has "$data" ro; then problem "$data is mounted read-only; mount it writable"; fi

# fapolicyd lets run what packages brought: neither what is built here, nor our tools. A rule that allows a folder by its path is the way that holds for later builds.
allowed_by_fapolicyd() { # FOLDER
  cat /etc/fapolicyd/compiled.rules /etc/fapolicyd/fapolicyd.rules 2>/dev/null |
    awk -v folder="$1/" '$1 == "allow" { for (i = 2; i <= NF; i++) if (sub(/^dir=/, "", $i) && index(folder, $i) == 1) found = 1 } END { exit !found }'
}
if { systemctl is-active --quiet fapolicyd.service || systemctl is-enabled --quiet fapolicyd.service; } 2>/dev/null &&
  ! grep -qE '^[[:space:]]*permissive[[:space:]]*=[[:space:]]*1' /etc/fapolicyd/fapolicyd.conf 2>/dev/null; then
  rules=''
  compiling=''
  [ -z "$builds" ] || compiling=/var/cache/postgres-ha
  for folder in $folders $compiling; do
    allowed_by_fapolicyd "$folder" || rules="$rules 'allow perm=any all : dir=$folder/'"
  done
  [ -z "$rules" ] || problem "fapolicyd is enforcing, and would not let the cluster's programs run, which no package brought; allow their folders: printf '%s\\n'$rules >/etc/fapolicyd/rules.d/35-postgres-ha.rules && fagenrules --load && systemctl restart fapolicyd"
fi

scratch=''
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM HUP

major=${VERSION_ID%%.*}
enabled='' # the repositories that dnf asks, between blanks
is_enabled() {
  [ -n "$enabled" ] || enabled=" $(timeout 60 dnf -q -C repolist 2>/dev/null </dev/null | awk 'NR > 1 { print $1 }' | tr '\n' ' ') "
  for repository in "$@"; do
    case $enabled in *" $repository "*) return 0 ;; esac
  done
  return 1
}
# repository NAME: what it is called and how it is enabled on this system; nothing where it is enabled, or where this system has none.
repository() {
  case $family/$1 in
    rhel/epel)
      if [ "$ID" = fedora ] || is_enabled epel; then return 0; fi
      case $ID in
        rhel) how="install epel-release-latest-$major as its project describes" ;;
        ol) how="dnf install -y oracle-epel-release-el$major" ;;
        *) how='dnf install -y epel-release' ;;
      esac
      printf 'EPEL (%s)' "$how"
      ;;
    rhel/pgdg | rhel/pgdg-extras)
      how=''
      place=EL extras=pgdg-rhel$major-extras
      if [ "$ID" = fedora ]; then place=F extras=pgdg-fedora-extras; fi
      is_enabled pgdg-common || how="install pgdg-redhat-repo-latest for $place-$major-$(uname -m) as the project describes"
      if [ "$1" = pgdg ]; then
        [ -z "$how" ] || printf "the PostgreSQL project's repository (%s)" "$how"
      elif ! is_enabled "$extras"; then
        printf "the PostgreSQL project's repository of extras (%sdnf config-manager --set-enabled %s)" "${how:+$how, then }" "$extras"
      fi
      ;;
    rhel/crb)
      if [ "$ID" = fedora ] || is_enabled crb powertools "codeready-builder-for-rhel-$major-$(uname -m)-rpms" "ol${major}_codeready_builder"; then return 0; fi
      case $ID/$major in
        rhel/*) how="subscription-manager repos --enable codeready-builder-for-rhel-$major-$(uname -m)-rpms" ;;
        ol/*) how="dnf config-manager --set-enabled ol${major}_codeready_builder" ;;
        */8) how='dnf config-manager --set-enabled powertools' ;;
        *) how='dnf config-manager --set-enabled crb' ;;
      esac
      printf 'CodeReady Builder (%s)' "$how"
      ;;
    debian/pgdg)
      printf "the PostgreSQL project's repository (apt-get install -y postgresql-common, then run the script in /usr/share/postgresql-common/pgdg)"
      ;;
  esac
}
# origins_of NAME: the repositories that have a package, as --origins says; a dash where it says nothing.
origins_of() {
  for word in $origins; do
    case $word in "$1="*) printf '%s' "${word#*=}"; return 0 ;; esac
  done
  printf -- -
}
# from REPOSITORY,…: them in a sentence.
from() {
  offer=''
  for name in $(printf '%s' "$1" | tr ',' ' '); do
    one=$(repository "$name")
    [ -z "$one" ] || offer="${offer:+$offer or in }$one"
  done
  printf '%s' "$offer"
}
where_to_look() {
  if [ "$family" = rhel ]; then printf "see 'dnf repolist --all' for one that is disabled, and 'exclude' in its configuration"
  elif [ "$ID" = ubuntu ]; then printf "it may be in universe (add-apt-repository -y universe)"
  else printf 'see /etc/apt/sources.list and /etc/apt/sources.list.d'; fi
}

apt_options=''
# Where answers and lists of our own are kept meanwhile; apt keeps there what it makes of its lists, which saves each further question some seconds.
scratch_made() {
  [ -z "$scratch" ] || return 0
  scratch=$(mktemp -d /var/tmp/postgres-ha-preflight.XXXXXX)
  # Addresses of repositories may hold a password.
  : >"$scratch/said"
  chmod 0600 "$scratch/said"
  apt_options="-o Debug::NoLocking=true -o Dir::Cache::pkgcache=$scratch/packages.bin -o Dir::Cache::srcpkgcache=$scratch/sources.bin"
}
asked=''       # whether the lists were renewed
unreachable='' # why that failed
ignored=''     # which repositories were left out, the others being there
in_a_line() {
  tr -s ' \n\t' ' ' | packages_masked | sed 's/ *$//' | cut -c1-400
}
# could_install NAME…: whether the package manager would install them all. What it says is in $scratch/said.
# No transaction is begun, and nothing but its cache of the repositories' lists is written. It is asked through the proxy of root's environment, if any.
could_install() {
  scratch_made
  # Word splitting of options is meant.
  # shellcheck disable=SC2086
  if [ "$family" = rhel ]; then
    if [ -z "$asked" ]; then
      asked=yes
      # With -y: the key by which a repository signs its list is taken with the list, into the cache only.
      if ! timeout 300 dnf -y makecache >"$scratch/said" 2>&1 </dev/null; then
        unreachable=$(grep -i '^error: ' "$scratch/said" | tail -n 1 | in_a_line)
        unreachable=${unreachable:-no answer within 300 s}
      fi
      ignored=$(sed -n 's/^Ignoring repositories: *//p' "$scratch/said" | in_a_line)
    fi
    [ -z "$unreachable" ] || return 1
    # shellcheck disable=SC2154 # packages_dnf is packages-lib's
    if timeout 120 $packages_dnf -C --assumeno install "$@" >"$scratch/said" 2>&1 </dev/null; then return 0; fi
    grep -q '^Operation aborted' "$scratch/said"
  else
    if timeout 120 apt-get -s -y $apt_options install --no-install-recommends "$@" >"$scratch/said" 2>&1 </dev/null; then return 0; fi
    [ -z "$asked" ] || return 1
    asked=yes
    renew_apt_lists || return 1
    timeout 120 apt-get -s -y $apt_options install --no-install-recommends "$@" >"$scratch/said" 2>&1 </dev/null
  fi
}
# The host's own lists, which may be old or not there, stay as they are, and no hook of an update runs.
renew_apt_lists() {
  # apt fetches as a user of its own.
  chmod 0755 "$scratch"
  mkdir -p "$scratch/lists/partial"
  : >"$scratch/apt.conf"
  chmod 0600 "$scratch/apt.conf"
  {
    # Nor are translations fetched, nor what hosts have beside the lists of packages (sources, contents, descriptions for shops).
    apt-config dump | grep -vE '^((APT::Update|DPkg)::(Pre|Post)-|Acquire::Languages|Acquire::IndexTargets)'
    printf 'Acquire::Languages "none";\nAcquire::IndexTargets::deb-src::Sources::DefaultEnabled "false";\n'
    printf 'Dir::State::lists "%s/lists";\nDir::Etc::main "%s/none";\nDir::Etc::parts "%s/none";\n' "$scratch" "$scratch" "$scratch"
  } >"$scratch/apt.conf"
  # For root and for the user as whom apt fetches and checks signatures, nobody else: that of a proxy may hold a password.
  user=$(apt-config dump APT::Sandbox::User | sed -n 's/^APT::Sandbox::User "\(.*\)";$/\1/p')
  chown "${user:-_apt}" "$scratch/apt.conf" 2>/dev/null || true
  APT_CONFIG=$scratch/apt.conf
  export APT_CONFIG
  # shellcheck disable=SC2086
  if timeout 180 apt-get $apt_options -o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 update >"$scratch/said" 2>&1 </dev/null; then
    ignored=$(sed -n 's/^W: Failed to fetch \([^ ]*\).*/\1/p' "$scratch/said" | in_a_line)
    return 0
  fi
  unreachable=$(sed -n 's/^E: //p' "$scratch/said" | head -n 1 | in_a_line)
  unreachable=${unreachable:-no answer within 180 s}
  return 1
}

# What must be had from the repositories, and what only if nobody has the finished build. A host that fetches from another one is not asked for more
# than the packages: it compiles only when that other one is lost meanwhile.
must='' wish=''
needed=''
if [ "$family" = "$system" ]; then
  # Word splitting is meant: lists of names.
  # shellcheck disable=SC2086
  needed=$(packages_missing "$family" $packages)
  must=$needed
  while read -r program version mark names; do
    [ -n "$program" ] || continue
    # shellcheck disable=SC2086
    lacking=$(packages_missing "$family" $names)
    finished=$artefacts
    for file in "/var/cache/postgres-ha/$program-$version-"*.tar.gz $mark; do
      [ ! -f "$file" ] || finished=yes
    done
    if [ "$finished" = yes ]; then
      wish="$wish $lacking"
    else
      must="$must $lacking"
      if mount_has /var/cache/postgres-ha noexec; then
        problem "/var/cache/postgres-ha is mounted noexec, and $program is compiled there; mount it without, or let mirrors.artefacts name where finished builds lie"
      fi
    fi
  done <<BUILDS
$builds
BUILDS
fi

# shellcheck disable=SC2086
set -- $must
if [ $# -gt 0 ] && [ "$family" = debian ] && [ -n "$(dpkg --audit 2>/dev/null)" ]; then
  note "an installation of packages was cut off here earlier; it is finished before others are installed, and only then seen what those need"
elif [ $# -gt 0 ] && ! could_install "$@"; then
  unknown=$(packages_unknown "$scratch/said")
  if [ -n "$unreachable" ]; then
    problem "cannot reach its package repositories ($unreachable), and is to install $(comma "$@"); mend that, or the proxy in root's environment"
  elif [ -n "$unknown" ]; then
    # One line for the packages that come from the same place.
    while read -r kind where names; do
      offer=$(from "$where")
      problem "no repository of this host has $names$([ "$kind" = run ] || echo ', needed to compile')${ignored:+ ($ignored could not be reached)}; $(if [ -n "$offer" ]; then printf 'to be had in %s' "$offer"; else where_to_look; fi)"
    done <<GROUPS
$(for name in $unknown; do
      kind=compile
      for one in $needed; do [ "$one" != "$name" ] || kind=run; done
      printf '%s %s %s\n' "$kind" "$(origins_of "$name")" "$name"
    done | sort -k 1,1r -k 2 | awk '
      { key = $1 " " $2; if (key in names) names[key] = names[key] ", " $3; else { order[++count] = key; names[key] = $3 } }
      END { for (i = 1; i <= count; i++) print order[i], names[order[i]] }')
GROUPS
  else
    offer=''
    ! grep -q 'nothing provides\|not installable' "$scratch/said" || offer=$(from crb)
    why=$(sed -n -e '/^Error: *$/,/^(/{ /^Error/d; /^(/d; p; }' -e '/unmet dependencies:/,$p' "$scratch/said" | in_a_line)
    problem "cannot install $(comma "$@") together: ${why:-$(tail -n 1 "$scratch/said" | in_a_line)}${offer:+; what they need may be in $offer}"
  fi
fi
# shellcheck disable=SC2086
set -- $wish
if [ $# -gt 0 ] && [ -z "$unreachable" ] && ! could_install "$@"; then
  # shellcheck disable=SC2046
  unknown=$(comma $(packages_unknown "$scratch/said"))
  [ -z "$unknown" ] || note "no repository has $unknown: what is had finished here could not be compiled"
fi

at_least() { # VERSION LEAST
  [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]
}
# What is installed stays as it is, so it counts; else what would be installed.
installed_version() {
  case $family in
    debian) dpkg-query -W -f '${db:Status-Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^installed //p' ;;
    rhel) rpm -q --qf '%{VERSION}\n' --whatprovides "$1" 2>/dev/null | grep -v ' ' ;;
  esac | head -n 1 | sed 's/^[0-9]*://'
}
offered_version() {
  # shellcheck disable=SC2086
  case $family in
    debian) apt-cache $apt_options policy "$1" 2>/dev/null | sed -n 's/^  Candidate: *//p' | grep -v '^(none)$' ;;
    rhel) timeout 60 dnf -q -C repoquery --latest-limit=1 --qf '%{version}' "$1" 2>/dev/null </dev/null ;;
  esac | head -n 1 | sed 's/^[0-9]*://'
}
while read -r package least weight text; do
  if [ -z "$package" ] || [ "$family" != "$system" ]; then continue; fi
  installed=$(installed_version "$package")
  if [ -n "$installed" ] && at_least "$installed" "$least"; then continue; fi
  scratch_made
  version=${installed:-$(offered_version "$package")}
  if [ -z "$version" ] || at_least "$version" "$least"; then continue; fi
  if [ "$weight" = wish ]; then
    note "$package is $version: $text"
    continue
  fi
  advice=$(from "$(origins_of "$package")")
  advice=${advice:+a newer one may be had in $advice}
  if [ -n "$installed" ] && at_least "$(offered_version "$package")" "$least"; then
    case $family in debian) advice="upgrade it: apt-get install $package" ;; rhel) advice="upgrade it: dnf upgrade $package" ;; esac
  fi
  [ "$text" = - ] || advice="${advice:+$advice; or }change $text in the stack"
  problem "$PRETTY_NAME $([ -n "$installed" ] && echo has || echo gives) $package $version, at least $least is needed; ${advice:-take a newer release of the system}"
done <<LEASTS
$leasts
LEASTS

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
  printf 'preflight: %s: %s problem(s); nothing was changed on this host (%s, %s)\n' "$(uname -n)" "$problems" "$PRETTY_NAME" "$selinux" >&2
  exit 1
fi
echo "unchanged: $PRETTY_NAME is fit ($selinux)"
