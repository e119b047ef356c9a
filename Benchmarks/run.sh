#!/bin/bash
# The table of speed and memory: Benchmarks/run.sh [--quick] [--only ROW]... [--write] [--list]. `PUP_BIN` names another folder with the binaries.
set -euo pipefail
cd "$(dirname "$0")"

command -v python3 >/dev/null 2>&1 || { echo "bench: python3 is needed" >&2; exit 1; }

# The supervisors to compare with, and what makes requests. Nothing of theirs is started here; where they cannot be had, their columns or rows say so.
if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
  missing=""
  command -v s6-svscan >/dev/null 2>&1 || missing="$missing s6"
  command -v runsvdir >/dev/null 2>&1 || missing="$missing runit"
  command -v wrk >/dev/null 2>&1 || missing="$missing wrk"
  if [ -n "$missing" ]; then
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 \
      || echo "bench: could not install$missing; going on without" >&2
  fi
fi
exec python3 -B -m pupbench "$@"
