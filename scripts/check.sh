#!/bin/sh
# Format, generated files, and rules that the compiler does not know. (Warnings are errors in every build.)
set -eu
cd "$(dirname "$0")/.."

swift format lint --strict -r Sources Tests examples/client/Sources Package.swift

# Foundation costs 11 MB of memory and 11 ms at every start.
if grep -rnE '^\s*((public|package|internal|private)\s+)?import Foundation\b' Sources; then
  echo "check: Sources must not import Foundation" >&2
  exit 1
fi
.build/release/pup-generate --check

# The example that docs/client.md is about, as a package of its own: what somebody else would write.
swift build --quiet --package-path examples/client --scratch-path .build/examples-client
for script in scripts/*.sh Benchmarks/*.sh Fuzz/*.sh .ci/run; do
  [ -e "$script" ] || continue
  if head -n 1 "$script" | grep -q bash; then bash -n "$script"; else sh -n "$script"; fi
done
python3 -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' Tests/Contract/*.py
echo "check: good"
