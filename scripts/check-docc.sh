#!/bin/bash
# Builds the DocC catalogues of the public modules; a warning is an error. Skipped where the toolchain has no DocC.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(dirname "$(readlink -f "$(command -v swift)")")
if [ ! -x "$tools/docc" ] || [ ! -x "$tools/swift-symbolgraph-extract" ]; then
  echo "check: this toolchain has no DocC; the catalogues are not built"
  exit 0
fi
target=$(swift -print-target-info | sed -n 's/^ *"unversionedTriple": "\(.*\)",$/\1/p')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for module in PupAPI PupRestClient; do
  mkdir "$work/$module"
  "$tools/swift-symbolgraph-extract" -module-name "$module" -I .build/release/Modules -I Sources/CCurl -target "$target" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$work/$module"
  "$tools/docc" convert "Sources/$module/$module.docc" --additional-symbol-graph-dir "$work/$module" --output-path "$work/$module.doccarchive" \
    --fallback-display-name "$module" --fallback-bundle-identifier "$module" --warnings-as-errors >"$work/log" 2>&1 \
    || { cat "$work/log"; echo "check: the documentation of $module does not build" >&2; exit 1; }
done
