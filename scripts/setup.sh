#!/bin/sh
# Looks whether a usable Swift is there, and installs the Debian packages that are missing: for the toolchain and the build, and, with the words
# `run` and `test`, for the example and for the tests. Says nothing where nothing is.
set -eu

fail() {
  echo "setup: $1" >&2
  exit 1
}

sudo=""
[ "$(id -u)" -eq 0 ] || sudo=sudo

may_install() {
  command -v apt-get >/dev/null 2>&1 || fail "these Debian packages, or what they are called here, are missing:$1"
  [ -z "$sudo" ] || command -v sudo >/dev/null 2>&1 || fail "run as root, once: apt-get install$1"
}

# A new machine has no lists of packages yet, and what it does not know of it would leave out.
update_once() {
  [ -z "$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null | head -n 1)" ] || return 0
  may_install "$1"
  $sudo apt-get update -qq
}

install_packages() {
  may_install "$1"
  echo "setup: installing$1"
  $sudo apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $1
}

# --- Swift itself ---

# The Debian package of a shared library; nothing where that is not known.
package_of() {
  case $1 in
    libcurl.so.4) name=libcurl4 ;;
    libxml2.so.2) name=libxml2 ;;
    libncurses.so.6 | libform.so.6 | libpanel.so.6) name=libncurses6 ;;
    libtinfo.so.6) name=libtinfo6 ;;
    libedit.so.2) name=libedit2 ;;
    libpython3.*.so.*) name=${1%%.so.*} ;;
    libsqlite3.so.0) name=libsqlite3-0 ;;
    libuuid.so.1) name=libuuid1 ;;
    libz.so.1) name=zlib1g ;;
    libz3.so.4) name=libz3-4 ;;
    libstdc++.so.6) name=libstdc++6 ;;
    libgcc_s.so.1) name=libgcc-s1 ;;
    libbsd.so.0) name=libbsd0 ;;
    *) return 0 ;;
  esac
  # Since the 64-bit time transition some have another name (Ubuntu 24.04).
  # (The old name may still be known, as one that has no package of its own.)
  if [ -z "$(apt-cache show "$name" 2>/dev/null)" ] && [ -n "$(apt-cache show "${name}t64" 2>/dev/null)" ]; then name=${name}t64; fi
  echo "$name"
}

# The libraries that the toolchain's programs ask for and the machine does not have.
missing_libraries() {
  folder=$(dirname "$(readlink -f "$(command -v swift)")")
  for program in swift swift-build swift-frontend clang; do
    [ ! -x "$folder/$program" ] || ldd "$folder/$program" 2>/dev/null
  done | sed -n 's/^[[:space:]]*\([^ ]*\) => not found$/\1/p' | sort -u
}

command -v swift >/dev/null 2>&1 ||
  fail "no Swift toolchain in PATH; install Swift 6.2 or later from https://www.swift.org/install and try again"

libraries=$(missing_libraries)
if [ -n "$libraries" ]; then
  # shellcheck disable=SC2086
  echo "setup: swift cannot start without" $libraries
  packages=""
  for library in $libraries; do
    update_once " "
    package=$(package_of "$library")
    [ -n "$package" ] || fail "no Debian package is known for $library, which the toolchain in $(command -v swift) needs; is it made for this system?"
    case " $packages " in *" $package "*) ;; *) packages="$packages $package" ;; esac
  done
  install_packages "$packages"
fi

answer=$(swift --version 2>&1) || {
  echo "$answer" >&2
  fail "$(command -v swift) does not start (above: what it says); toolchains are made for one system each: https://www.swift.org/install"
}
version=$(echo "$answer" | sed -n 's/.*Swift version \([0-9][0-9]*\)\.\([0-9][0-9]*\).*/\1 \2/p' | head -n 1)
major=${version% *}
minor=${version#* }
if [ -z "$version" ] || [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
  fail "Pup needs Swift 6.2 or later; $(command -v swift) is $(echo "$answer" | grep -m 1 'Swift version' || echo "$answer" | head -n 1). See https://www.swift.org/install"
fi

# --- Packages ---

# For the compiler: a linker, the C and C++ libraries to link, git, which the package manager starts.
compiler="binutils g++ git libc6-dev zlib1g-dev make pkg-config"
# HTTP, WebSocket, TLS, SQLite.
libraries="libwslay-dev libssl-dev libsqlite3-dev libcurl4-openssl-dev"
packages="$compiler $libraries"
case ${1:-} in
  # The example's web server and script.
  run | test) packages="$packages python3" ;;
esac
case ${1:-} in
  # tzdata: schedules. util-linux: unshare and setpriv, openssl: certificates, procps and curl: the README's tour, mandoc: the manual pages.
  # python3-venv: the testers of `make contract`, which come from PyPI.
  test) packages="$packages python3-venv tzdata util-linux openssl procps curl mandoc" ;;
esac

# Elsewhere the names differ; what is needed to build can be asked for all the same.
if ! command -v dpkg-query >/dev/null 2>&1; then
  pkg-config --exists libwslay libssl sqlite3 libcurl || fail "not a Debian system; these packages, or what they are called here, are needed: $packages"
  exit 0
fi

update_once " $packages"
if [ "${1:-}" = test ]; then
  # A kernel as a program, for tests of the clock and of Pup as the first process: Debian has it for amd64 and i386.
  if apt-cache show user-mode-linux >/dev/null 2>&1; then packages="$packages user-mode-linux"; fi
  # For tests of the service, in that kernel. Not where another init is installed: it would be replaced.
  if [ ! -e /sbin/init ] || dpkg-query -W -f '${db:Status-Status}' systemd-sysv 2>/dev/null | grep -q '^installed$'; then
    packages="$packages systemd dbus-user-session libpam-systemd"
  fi
fi
missing=""
for package in $packages; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing="$missing $package"
done
[ -z "$missing" ] || install_packages "$missing"
