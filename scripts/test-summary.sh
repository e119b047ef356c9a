#!/bin/bash
# test-summary.sh FOLDER STAGE...: one table of what passed, failed and was skipped, then the failed tests and the reasons of the skipped ones. Exits 1
# when a stage failed.
# test-summary.sh --failed LOG: only the names of the failed tests.
set -euo pipefail
logs=$1
shift

count() { grep -cE "$1" "$2" || true; }
test_name() { sed -E 's/^[✘➜] (Test|Suite) //; s/\(.*//; s/ (skipped|failed|recorded).*//'; }

# The failed tests of a log.
broken_tests() { { grep -E '^✘ Test .* failed after ' "$1" || true; } | { grep -vE '^✘ Test (run with|case passing) ' || true; } | test_name; }

if [ "$logs" = --failed ]; then
  broken_tests "$1"
  exit
fi

failed=0
sum_passed=0 sum_failed=0 sum_skipped=0
printf '\n%-22s %8s %8s %8s %8s\n' stage passed failed skipped seconds
for name in "$@"; do
  log="$logs/$name.log"
  read -r code seconds <"$logs/$name.end"
  passed=$(grep -E '^✔ Test ' "$log" | grep -cvE '^✔ Test (run with|case passing) ' || true)
  broken=$(broken_tests "$log" | wc -l)
  skipped=$(count '^➜ (Test|Suite) ' "$log")
  note=""
  if [ -e "$logs/$name.unsteady" ]; then
    note="  $broken unsteady"
    passed=$((passed + broken)) broken=0
  fi
  if [ "$code" -ne 0 ]; then
    failed=1
    # It crashed, or ran into the time limit of the machine.
    [ "$broken" -ne 0 ] || note="  ended with exit code $code"
  fi
  printf '%-22s %8d %8d %8d %8d%s\n' "$name" "$passed" "$broken" "$skipped" "$seconds" "$note"
  sum_passed=$((sum_passed + passed)) sum_failed=$((sum_failed + broken)) sum_skipped=$((sum_skipped + skipped))
done

echo
for name in "$@"; do
  verdict=failed
  [ ! -e "$logs/$name.unsteady" ] || verdict="unsteady (passed when it was run once more, alone)"
  broken_tests "$logs/$name.log" | sed "s|^|$verdict:  $name: |"
done
for name in "$@"; do
  { grep -E '^➜ (Test|Suite) ' "$logs/$name.log" || true; } \
    | sed -E 's/^➜ (Test|Suite) //; s/ skipped:? ?/: /; s/\(\)//' | sort | sed "s|^|skipped: $name: |"
done
[ "$failed" -eq 0 ] || echo "the full output of each stage is in $logs"
echo
echo "$sum_passed passed, $sum_failed failed, $sum_skipped skipped"
exit "$failed"
