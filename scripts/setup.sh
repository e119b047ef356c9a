#!/bin/sh
# Installs the Debian packages that building, running the example and testing need, where they are missing.
set -eu

if ! command -v swift >/dev/null 2>&1; then
  echo "setup: no Swift toolchain in PATH; install Swift 6.2 or later from https://www.swift.org/install and try again" >&2
  exit 1
fi

# libc6-dev: static libc for pup-init. python3: the example's web server. pkg-config and the libraries: HTTP, WebSocket, TLS, SQLite.
# util-linux: unshare and setpriv, and openssl: certificates, for the tests.
packages="libc6-dev make python3 pkg-config libmicrohttpd-dev libwslay-dev libssl-dev libsqlite3-dev libcurl4-openssl-dev
  util-linux openssl"
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

echo "setup: installing$missing"
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 || { echo "setup: run as root, once: apt-get install$missing" >&2; exit 1; }
  sudo=sudo
fi
$sudo apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing
