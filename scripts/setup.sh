#!/bin/sh
# Installs the Debian packages that building, running the example and testing need, where they are missing.
set -eu

if ! command -v swift >/dev/null 2>&1; then
  echo "setup: no Swift toolchain in PATH; install Swift 6.2 or later from https://www.swift.org/install and try again" >&2
  exit 1
fi

sudo=""
[ "$(id -u)" -eq 0 ] || sudo=sudo

may_install() {
  [ -z "$sudo" ] || command -v sudo >/dev/null 2>&1 || { echo "setup: run as root, once: apt-get install$1" >&2; exit 1; }
}

# libc6-dev: static libc for pup-init. pkg-config and the libraries: HTTP, WebSocket, TLS, SQLite.
build="libc6-dev make pkg-config libmicrohttpd-dev libwslay-dev libssl-dev libsqlite3-dev libcurl4-openssl-dev"
# python3: the example's web server, and tests. tzdata: schedules. util-linux: unshare and setpriv, openssl: certificates, procps and curl: the
# README's tour, all for the tests. python3-venv: the testers of `make contract`, which come from PyPI.
run="python3 python3-venv tzdata util-linux openssl procps curl"
packages="$build $run"

# A new machine has no lists of packages yet, and what it does not know of it would leave out.
if [ -z "$(find /var/lib/apt/lists -name '*_Packages*' 2>/dev/null | head -n 1)" ]; then
  may_install " $packages"
  $sudo apt-get update -qq
fi
# A kernel as a program, for tests of the clock and of Pup as the first process: Debian has it for amd64 and i386.
if apt-cache show user-mode-linux >/dev/null 2>&1; then packages="$packages user-mode-linux"; fi
# For tests of the service, in that kernel. Not where another init is installed: it would be replaced.
if [ ! -e /sbin/init ] || dpkg-query -W -f '${db:Status-Status}' systemd-sysv 2>/dev/null | grep -q '^installed$'; then
  packages="$packages systemd dbus-user-session libpam-systemd"
fi
missing=""
for package in $packages; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -q '^installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

may_install "$missing"
echo "setup: installing$missing"
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing
