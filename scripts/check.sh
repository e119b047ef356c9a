#!/bin/sh
# Format, generated files, and rules that the compiler does not know. (Warnings are errors in every build.)
set -eu
cd "$(dirname "$0")/.."

swift format lint --strict -r Sources Tests examples/client/Sources Package.swift
# The formatter does not break comments.
if LC_ALL=C.UTF-8 grep -rnE '^.{131,}$' Sources Tests Fuzz Package.swift --include='*.swift' | grep -E '^[^:]+:[0-9]+: *//'; then
  echo "check: these comments are longer than 130 columns; wrap them" >&2
  exit 1
fi

# Foundation costs 11 MB of memory and 11 ms at every start.
if grep -rnE '^\s*((public|package|internal|private)\s+)?import Foundation\b' Sources; then
  echo "check: Sources must not import Foundation" >&2
  exit 1
fi
# Tests await events: one that sleeps is slow on every machine, and fails on a slow one. These may, and why:
sleepers='
Tests/testchild/Clock.swift: is the program under test
Tests/IntegrationTests/CrashSafetyTests.swift: kills at random moments
Tests/IntegrationTests/Support/Child.swift: no descriptor becomes ready when a process is stopped
Tests/PupLogsTests/UnfinishedLineTests.swift: its writer pauses, which is what is tested
Tests/IntegrationTests/Support/Orphans.swift: a zombie that others wait for becomes ours without an event
Tests/PupServiceTests/RealPup.swift: service managers are asked from outside, as by a user
Tests/UserModeLinuxTests/Support/KernelProcess.swift: no event says that a session of processes is empty
'
grep -rlE '\b(usleep|nanosleep|clock_nanosleep|Task\.sleep)\b|poll\(nil,' Tests --include='*.swift' | while read -r file; do
  case "$sleepers" in
    *"
$file: "*) ;;
    *)
      echo "check: $file sleeps; await an event, or list it in scripts/check.sh with the reason" >&2
      exit 1
      ;;
  esac
done
.build/release/pup-generate --check

if command -v mandoc >/dev/null 2>&1; then
  mandoc -T lint -W warning .build/release/share/man/man*/*
fi

scripts/check-links.py ./*.md docs/*.md examples/*.md

scripts/check-docc.sh

# The example that docs/client.md is about, as a package of its own: what somebody else would write.
swift build --quiet --package-path examples/client --scratch-path .build/examples-client
for script in scripts/*.sh Benchmarks/*.sh Fuzz/*.sh .ci/run; do
  [ -e "$script" ] || continue
  if head -n 1 "$script" | grep -q bash; then bash -n "$script"; else sh -n "$script"; fi
done
# A fuzzer has its name in three places, and `make fuzz` is too long for every change.
targets=$(ls Fuzz/Targets)
driver=$(sed -n 's/^ENTRY(\(.*\))$/\1/p' Fuzz/Driver/driver.c | sort)
script=$(sed -n 's/^all="\(.*\)"$/\1/p' Fuzz/run.sh | tr ' ' '\n' | sort)
if [ "$targets" != "$driver" ] || [ "$targets" != "$script" ]; then
  echo "check: Fuzz/Targets, Fuzz/Driver/driver.c and Fuzz/run.sh do not name the same fuzzers" >&2
  exit 1
fi
python3 -c 'import ast, sys; [ast.parse(open(name).read(), name) for name in sys.argv[1:]]' Tests/Contract/*.py scripts/*.py Fuzz/*.py
echo "check: good"
