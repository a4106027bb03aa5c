#!/bin/sh
# Which package manager is the host's own, what of a list is missing on it, and what the package manager said of names that nobody has. Shared by
# packages-install, which sources it after lib, and by the preflight, which it is put before; so it needs nothing of lib. Never run.

# Weak dependencies stay out, as Debian's recommendations do: every host has what the stack asks for and that needs, whatever its administrator set in dnf.conf.
# shellcheck disable=SC2034 # read by the scripts that source this file
packages_dnf='dnf --setopt=install_weak_deps=False'

# packages_family: prints debian, rhel or unknown. What programs there are does not tell: a host may have those of the other family as well.
packages_family() {
  (
    ID='' ID_LIKE=''
    if [ -r /etc/os-release ]; then
      # shellcheck disable=SC1091
      . /etc/os-release
    fi
    case " $ID $ID_LIKE " in
      *\ debian\ * | *\ ubuntu\ *) echo debian ;;
      *\ rhel\ * | *\ fedora\ * | *\ centos\ *) echo rhel ;;
      *) echo unknown ;;
    esac
  )
}

# packages_missing FAMILY NAME…: prints those that neither are installed nor are provided by an installed package, one a line.
packages_missing() {
  missing_family=$1
  shift
  missing_provided=''
  for missing_name in "$@"; do
    if [ "$missing_family" = debian ]; then
      # More than one line where the package is there for several architectures.
      dpkg-query -W -f '${db:Status-Status}\n' "$missing_name" 2>/dev/null | grep -qx installed && continue
      # All that is provided, once, and only where a name is not there by itself.
      [ -n "$missing_provided" ] || missing_provided=",$(dpkg-query -W -f '${db:Status-Status} ${Provides},\n' | sed -n 's/^installed //p' | tr -d ' \n' | sed 's/([^)]*)//g'),"
      case $missing_provided in *",$missing_name,"*) continue ;; esac
    else
      rpm -q --quiet "$missing_name" && continue
      rpm -q --quiet --whatprovides "$missing_name" && continue
    fi
    printf '%s\n' "$missing_name"
  done
}

# packages_masked: its input without the passwords that addresses of repositories may hold.
packages_masked() {
  sed 's|//[^/@ ]*@|//|g'
}

# packages_unknown LOG: the names of which apt-get or dnf said in LOG that no repository has them, each once.
packages_unknown() {
  sed -n \
    -e 's/^E: Unable to locate package //p' \
    -e "s/^E: Package '\\([^']*\\)' has no installation candidate.*/\\1/p" \
    -e 's/^.*No match for argument: //p' \
    -e 's/^.*All matches were filtered out by .* for argument: //p' "$1" | sort -u
}
