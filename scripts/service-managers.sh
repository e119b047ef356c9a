#!/bin/sh
# Unpacks the tools of runit and OpenRC into .build/service-managers, for the tests of the service files; nothing is installed. Where the
# packages cannot be had (no Debian, no network), those tests are skipped, and say so.
set -eu
cd "$(dirname "$0")/.."
target=$PWD/.build/service-managers
[ ! -e "$target/complete" ] || exit 0
command -v apt-get >/dev/null 2>&1 && command -v dpkg-deb >/dev/null 2>&1 || { echo "service-managers: not a Debian" >&2; exit 0; }

rm -rf "$target"
mkdir -p "$target/packages" "$target/runit" "$target/openrc"
cd "$target/packages"
apt-get download -qq runit openrc librc1 libeinfo1 >/dev/null 2>&1 || { echo "service-managers: no packages" >&2; exit 0; }
for package in *.deb; do
  case $package in runit_*) folder=$target/runit ;; *) folder=$target/openrc ;; esac
  dpkg-deb -x "$package" "$folder"
done
# As on a machine where /bin, /sbin and /lib are links into /usr.
for name in bin sbin lib; do
  [ ! -d "$target/openrc/$name" ] || { mkdir -p "$target/openrc/usr/$name"; cp -a "$target/openrc/$name/." "$target/openrc/usr/$name/"; rm -rf "${target:?}/openrc/$name"; }
done
touch "$target/complete"
