#!/bin/bash
# Fuzzes one target, or all of them one after the other: Fuzz/run.sh [target] [seconds]. 30 seconds each unless told otherwise.
# FUZZ_JOBS is for the build, FUZZ_BUILD the folder that it uses. `Fuzz/run.sh --minimize [target]` shrinks the corpus that is checked in after adding
# what the last runs have found. The first inputs of binary formats are not checked in: seeds.py makes them.
set -euo pipefail
cd "$(dirname "$0")"

all="config cron zone protocol plan logs request framing json token events"
minimize=no
if [ "${1:-}" = --minimize ]; then
  minimize=yes
  shift
fi
targets=${1:-$all}
seconds=${2:-30}
[ "$targets" != all ] || targets=$all
for target in $targets; do
  [ -d "Targets/$target" ] || { echo "fuzz: no target '$target'; there are: $all" >&2; exit 64; }
done

build=${FUZZ_BUILD:-.build}
swift build -c release --scratch-path "$build" --jobs "${FUZZ_JOBS:-$(nproc)}" 2>&1 | tail -n 3

# A crash is the sanitizer's to report; Swift's own backtracer would take seconds and hide it from libFuzzer.
export SWIFT_BACKTRACE=enable=no
# An executable without debug information for the leak sanitizer is slow at its end, and Swift's metadata looks like leaks.
export ASAN_OPTIONS=detect_leaks=0

mkdir -p crashes
failed=""
for target in $targets; do
  program=$build/release/fuzz-$target
  found=$build/corpus/$target
  seeds=$build/seeds/$target
  mkdir -p "$target" "$found"
  ./seeds.py "$target" "$seeds"
  if [ "$minimize" = yes ]; then
    fresh=$(mktemp -d)
    "$program" -merge=1 -max_len=1024 -verbosity=0 "$fresh" "$target" "$found" 2>/dev/null
    # Small inputs first, and not more of them than a person would look at.
    ls -S -r "$fresh" | head -n "${FUZZ_KEEP:-60}" | while read -r name; do
      cmp -s "$fresh/$name" "$target/$name" 2>/dev/null || cp "$fresh/$name" "$target/$name"
    done
    echo "fuzz: $target: $(ls "$target" | wc -l) inputs"
    rm -rf "$fresh"
    continue
  fi
  echo "== $target, $seconds s"
  dictionary=()
  [ ! -e "Targets/$target/words.dict" ] || dictionary=(-dict="Targets/$target/words.dict")
  if ! "$program" -max_total_time="$seconds" -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1 \
    -artifact_prefix="crashes/$target-" "${dictionary[@]}" "$found" "$target" "$seeds" >"$found.log" 2>&1; then
    failed="$failed $target"
    grep -aE "ERROR|SUMMARY|Fatal error|Test unit written|^ +#[0-9]+ 0x" "$found.log" | head -n 25
    echo "fuzz: reproduce with: (cd Fuzz; SWIFT_BACKTRACE=enable=no $program crashes/$target-…)"
  else
    grep -aE 'stat::(number_of_executed_units|peak_rss_mb)|cov:' "$found.log" | tail -n 3 | sed 's/^/   /'
  fi
done
[ -z "$failed" ] || { echo "fuzz: failed:$failed (inputs in Fuzz/crashes)" >&2; exit 1; }
[ "$minimize" = yes ] || echo "fuzz: nothing found"
