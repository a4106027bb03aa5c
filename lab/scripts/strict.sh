#!/usr/bin/env bash
# Makes the layer that a strict host has above the base image: what can be made on Debian as it is on a minimal, hardened host of the RHEL family, so that what
# would fail there fails here. Runs like wheels.sh; the layer alone is kept. The host's own sshd key, which is no ed25519 one, comes with the host.
set -eu
umask 022

# shellcheck source=lab/scripts/apt.sh
. "$(dirname "$0")/apt.sh"

layer

# --- Programs that a minimal install lacks. Debian's package manager cannot do without them: it has copies of its own, and knows the packages as not installed,
# so that whoever wants one has to ask for it, and gets it. What installed packages need of them is forgotten.
missing="tar diffutils hostname"
private=/usr/lib/lab/bin
mkdir -p "$root$private"
for package in $missing; do
  for file in $(chroot "$root" dpkg-query -L "$package" | grep -E '^(/usr)?/s?bin/.'); do
    cp -a "$root$file" "$root$private/"
  done
done
for program in dpkg dpkg-deb; do
  mv "$root/usr/bin/$program" "$root$private/$program"
  # shellcheck disable=SC2016 # the program's own shell expands
  printf '#!/bin/sh\nPATH=%s:$PATH\nexport PATH\nexec %s/%s "$@"\n' "$private" "$private" "$program" >"$root/usr/bin/$program"
  chmod 755 "$root/usr/bin/$program"
done
# shellcheck disable=SC2086 # a list
chroot "$root" dpkg --purge --force-remove-essential --force-depends $missing >/dev/null
awk -v missing=" $missing " '
  /^(Pre-)?Depends: / {
    count = split(substr($0, index($0, " ") + 1), needed, ", ")
    kept = ""
    for (i = 1; i <= count; i++) {
      split(needed[i], word, " ")
      if (!index(missing, " " word[1] " ")) kept = kept (kept == "" ? "" : ", ") needed[i]
    }
    if (kept != "") print $1, kept
    next
  }
  { print }' "$root/var/lib/dpkg/status" >"$root/var/lib/dpkg/status.new"
mv "$root/var/lib/dpkg/status.new" "$root/var/lib/dpkg/status"
# A part of a package that is needed for the rest of it.
for file in "$root"/usr/bin/which "$root"/usr/bin/which.debianutils; do
  if [ -e "$file" ] || [ -L "$file" ]; then mv "$file" "$root$private/"; fi
done
rm -f "$root/etc/alternatives/which"
# What the hosts will ask for, with these, is in the repository's cache.
# shellcheck disable=SC2086 # a list
fetch install --download-only --no-install-recommends $missing $LAB_PACKAGES
chroot "$root" apt-get clean

# --- umask 077 for whoever logs in and for sudo; no /usr/local in any path. No session manager, no shell and no sudo goes over it.
path=/usr/sbin:/usr/bin:/sbin:/bin
sed -i -E '/^(UMASK|ENV_PATH|ENV_SUPATH)\b/d' "$root/etc/login.defs"
printf 'UMASK 077\nENV_PATH PATH=%s\nENV_SUPATH PATH=%s\n' "$path" "$path" >>"$root/etc/login.defs"
printf 'PATH=%s\n' "$path" >"$root/etc/environment"
printf 'umask 077\nPATH=%s\nexport PATH\n' "$path" >>"$root/etc/profile"
sed -i '1i umask 077' "$root/etc/bash.bashrc"
cat >"$root/etc/sudoers.d/zz-lab-strict" <<'SUDOERS'
Defaults secure_path="/sbin:/bin:/usr/sbin:/usr/bin"
Defaults umask=0077, umask_override
SUDOERS
chmod 440 "$root/etc/sudoers.d/zz-lab-strict"
chroot "$root" visudo -cq
ln -sf bash "$root/usr/bin/sh"

# --- sshd offers the keys that are there.
sed -i '/^HostKey /d' "$root/etc/ssh/sshd_config.d/lab.conf"

# --- Nothing can be run from, and no device be opened in, what everybody may write to. sshd waits for it: a host that is not strict lets nobody in.
cat >"$root/usr/lib/lab/strict-mounts" <<'MOUNTS'
#!/bin/sh
set -eu
for folder in /tmp /var/tmp /dev/shm; do
  mountpoint -q "$folder" || mount --bind "$folder" "$folder"
  mount -o remount,bind,noexec,nosuid,nodev "$folder"
done
MOUNTS
chmod 755 "$root/usr/lib/lab/strict-mounts"
cat >"$root/etc/systemd/system/lab-strict.service" <<'UNIT'
[Unit]
Description=noexec on /tmp, /var/tmp and /dev/shm
DefaultDependencies=no
After=local-fs.target
Before=sysinit.target systemd-tmpfiles-setup.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/lab/strict-mounts

[Install]
WantedBy=sysinit.target
UNIT
mkdir -p "$root/etc/systemd/system/ssh.service.d"
printf '[Unit]\nRequires=lab-strict.service\nAfter=lab-strict.service\n' >"$root/etc/systemd/system/ssh.service.d/lab-strict.conf"
chroot "$root" systemctl -q enable lab-strict.service

# --- HAProxy may do what SELinux's haproxy_t may (rhcs.te of selinux-policy, c8s to c10s; binding reserved ports comes with those ports' types): not
# dac_override, without which root is bound by a folder's mode like anybody else.
mkdir -p "$root/etc/systemd/system/haproxy.service.d"
cat >"$root/etc/systemd/system/haproxy.service.d/zz-lab-strict.conf" <<'UNIT'
[Service]
CapabilityBoundingSet=
CapabilityBoundingSet=CAP_CHOWN CAP_DAC_READ_SEARCH CAP_FOWNER CAP_KILL CAP_NET_ADMIN CAP_NET_BIND_SERVICE CAP_NET_RAW CAP_SETGID CAP_SETUID CAP_SYS_CHROOT CAP_SYS_NICE CAP_SYS_RESOURCE
UNIT
# Its folder is its own user's, as the RHEL family's package makes it, and systemd finds no place in there for a mount of /dev/log. dpkg would stumble over that.
cat >"$root/usr/lib/lab/strict-haproxy" <<'HAPROXY'
#!/bin/sh
# strict-haproxy before|after: an installation of packages.
folder=/var/lib/haproxy
[ -d "$folder" ] || exit 0
if [ "$1" = before ]; then
  [ ! -f "$folder/dev" ] || rm -f "$folder/dev"
  exit 0
fi
rmdir "$folder/dev" 2>/dev/null
[ -e "$folder/dev" ] || : >"$folder/dev"
if [ ! -e "$folder/.lab-strict" ]; then
  : >"$folder/.lab-strict"
  chown haproxy:haproxy "$folder"
fi
HAPROXY
chmod 755 "$root/usr/lib/lab/strict-haproxy"
printf 'DPkg::Pre-Invoke { "/usr/lib/lab/strict-haproxy before"; };\nDPkg::Post-Invoke { "/usr/lib/lab/strict-haproxy after"; };\n' \
  >"$root/etc/apt/apt.conf.d/lab-strict"

umount "$root/proc"
umount "$root"
mv "$LAB_WORK/upper" "$LAB_OUT"
