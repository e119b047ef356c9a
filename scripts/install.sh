#!/bin/sh
# Installs what `make build` has made, and removes exactly that again. Builds nothing and needs no compiler, so that it also works where sudo
# resets PATH.   usage: [BUILD=<folder>] [PREFIX=<folder>] [DESTDIR=<folder>] scripts/install.sh install|uninstall
set -eu
export LC_ALL=C # sort -r: what is in a folder before the folder

cd "$(dirname "$0")/.."
BUILD=${BUILD:-.build/release}
root=${DESTDIR:-}${PREFIX:-/usr/local}
list=share/pup/installed # the files and folders that were made here, one a line, below PREFIX
case $root in
  /*) ;;
  *) root=$PWD/$root ;;
esac

# What an installation consists of: mode, where it is now, and where it goes below PREFIX.
parts() {
  echo "755 $BUILD/pup bin/pup"
  for program in pup-supervisor pup-keeper pup-init; do echo "755 $BUILD/$program libexec/pup/$program"; done
  for file in pup.schema.json pup.json.example; do echo "644 $file share/pup/$file"; done
  [ ! -d "$BUILD/share" ] || (cd "$BUILD/share" && find . -type f) | sed "s|^\./\(.*\)|644 $BUILD/share/\1 share/\1|"
}

# Makes a folder and those above it, and writes down those that were not there.
make_folder() {
  [ -d "$root/$1" ] || {
    case $1 in
      .) ;;
      */*) make_folder "${1%/*}" ;;
      *) make_folder . ;;
    esac
    install -d -m 755 "$root/$1"
    echo "$1/" >>"$new"
  }
}

# Files first, then the folders from the innermost out, where nothing else has come into them.
remove() {
  grep -v '/$' "$1" | while IFS= read -r path; do rm -f "$root/$path"; done
  grep '/$' "$1" | sort -r | while IFS= read -r path; do
    path=$root/${path#./} # rmdir takes no dot at the end
    [ ! -d "$path" ] || rmdir "$path" 2>/dev/null || true
  done
}

case ${1:-} in
  install)
    parts | while read -r _ source _; do
      [ -e "$source" ] || { echo "install: $source is not built; run 'make build' first" >&2; exit 1; }
    done
    [ -d "$BUILD/share/man" ] || { echo "install: the manual pages are not built; run 'make build' first" >&2; exit 1; }
    new=$(mktemp)
    trap 'rm -f "$new"' EXIT
    # Folders that an earlier installation has made are still Pup's.
    [ ! -e "$root/$list" ] || grep '/$' "$root/$list" >>"$new" || true
    parts | while read -r mode source target; do
      make_folder "${target%/*}"
      install -m "$mode" "$source" "$root/$target"
      echo "$target" >>"$new"
    done
    echo "$list" >>"$new"
    # What the installation before had and this one has not.
    if [ -e "$root/$list" ]; then
      grep -v '/$' "$root/$list" | grep -vxFf "$new" | while IFS= read -r path; do rm -f "$root/$path"; done || true
    fi
    install -m 644 "$new" "$root/$list"
    echo "installed in $root: bin/pup, libexec/pup, manual pages, completions for bash, zsh and fish"
    ;;
  uninstall)
    [ -e "$root/$list" ] || { echo "uninstall: there is no $root/$list, so nothing that 'make install' put there" >&2; exit 1; }
    old=$(mktemp)
    trap 'rm -f "$old"' EXIT
    cp "$root/$list" "$old"
    remove "$old"
    echo "removed from $root; configurations, and the .pup folders beside them, are left as they are"
    ;;
  *)
    echo "usage: scripts/install.sh install|uninstall" >&2
    exit 64
    ;;
esac
