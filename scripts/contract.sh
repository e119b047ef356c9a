#!/bin/bash
# Public testers and hostile clients against a running instance of the release binaries. Arguments: parts, --seed N, --examples N (see
# Tests/Contract/run.py).
set -euo pipefail
cd "$(dirname "$0")/.."

tools="$PWD/.build/contract"
pins=Tests/Contract/requirements.txt
if ! cmp -s "$pins" "$tools/installed.txt"; then
  rm -rf "$tools"
  mkdir -p "$tools"
  python3 -m venv "$tools/venv"
  "$tools/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$pins"
  cp "$pins" "$tools/installed.txt"
fi

export PUP_BIN="${PUP_BIN:-$PWD/.build/release}"
exec env PYTHONDONTWRITEBYTECODE=1 "$tools/venv/bin/python" Tests/Contract/run.py "$@"
