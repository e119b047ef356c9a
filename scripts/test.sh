#!/bin/bash
# The whole test suite: unit tests, then the integration tests against the release binaries, as root where this is root, and as an ordinary
# user. A stage that fails does not end the run; a table at the end says what passed, failed and was skipped, and why. The full output of each
# stage is in .build/test-logs. Arguments go to `swift test` (--filter ...).
# With PUP_TEST_AGAIN=1, as in continuous integration, a few failed tests are run once more, alone: those that pass then are listed as unsteady.
set -euo pipefail
cd "$(dirname "$0")/.."

export PUP_BIN="$PWD/.build/release"
logs="$PWD/.build/test-logs"
rm -rf "$logs"
mkdir -p "$logs"

echo "== building the tests (about 3 minutes the first time)"
swift build --build-tests >"$logs/build.log" 2>&1 || { cat "$logs/build.log"; echo "test: the tests do not build" >&2; exit 1; }
if [ $# -gt 0 ]; then
  exec swift test --skip-build "$@"
fi

as_user=no
if [ "$(id -u)" -eq 0 ] && id nobody >/dev/null 2>&1; then as_user=yes; fi

names=()
# Removed when the run ends, however it ends.
copy=""
wmem=""
tidy() {
  [ -z "$copy" ] || rm -rf "$copy"
  [ -z "$wmem" ] || echo "$wmem" >/proc/sys/net/core/wmem_max
}
trap tidy EXIT

# stage NAME MINUTES COMMAND...: runs one stage, shows what is not a passed test, and notes how it ended. `runner` is what runs one test of it.
stage() {
  local name=$1 minutes=$2 started=$SECONDS code=0
  shift 2
  names+=("$name")
  echo "== $name (about $minutes min)"
  "$@" 2>&1 | tee "$logs/$name.log" | scripts/test-filter.sh || code=${PIPESTATUS[0]}
  if [ "$code" -ne 0 ] && [ "${PUP_TEST_AGAIN:-0}" = 1 ] && again "$name"; then code=0; fi
  echo "$code $((SECONDS - started))" >"$logs/$name.end"
}

# More than this many are not bad luck.
most_again=3

# again STAGE: whether its failed tests pass when each is run alone; they are listed in STAGE.unsteady then.
again() {
  local name=$1 tests test
  tests=$(scripts/test-summary.sh --failed "$logs/$name.log")
  [ -n "$tests" ] && [ "$(printf '%s\n' "$tests" | wc -l)" -le "$most_again" ] || return 1
  # A run that crashed has no last line, and a failure that is not among the tests is missing in the sum.
  local all listed
  all=$(sed -nE 's/^✘ Test run with .* with ([0-9]+) issues?\.$/\1/p' "$logs/$name.log" | tail -n 1)
  listed=$(grep -E '^✘ Test .* failed after ' "$logs/$name.log" | grep -vE '^✘ Test (run with|case passing) ' |
    sed -nE 's/.* with ([0-9]+) issues?\.$/\1/p' | awk '{ sum += $1 } END { print sum + 0 }')
  [ -n "$all" ] && [ "$all" -eq "$listed" ] || return 1
  for test in $tests; do
    echo "== $name: $test once more, alone"
    if ! "${runner[@]}" --no-parallel --filter "/$test\\(" >"$logs/$name.$test.log" 2>&1 ||
      ! grep -q '^✔ Test run with [1-9]' "$logs/$name.$test.log"; then
      scripts/test-filter.sh <"$logs/$name.$test.log"
      return 1
    fi
  done
  printf '%s\n' "$tests" >"$logs/$name.unsteady"
}

total=9
[ "$as_user" = no ] || total=12
echo "== running: about $total minutes on two idle cores"
scripts/service-managers.sh

runner=(swift test --skip-build)
stage unit 1 swift test --skip-build --skip IntegrationTests --skip UserModeLinuxTests --skip PupWebTests --skip RealManagers
# Real processes, sockets and clocks: one test at a time, so that each has the machine that its deadlines mean.
stage servers 1 swift test --skip-build --no-parallel --filter PupWebTests --filter RealManagers
stage integration 4 swift test --skip-build --no-parallel --filter IntegrationTests
# In a kernel of their own, two kernels at a time.
stage kernels 3 swift test --skip-build --filter UserModeLinuxTests

if [ "$as_user" = yes ]; then
  # The binaries are copied: an ordinary user may not be able to enter this folder.
  copy=$(mktemp -d /tmp/pup-test.XXXXXX)
  wmem=$(cat /proc/sys/net/core/wmem_max)
  # The stock value of the kernel: what fits into a socket here must fit everywhere.
  echo 212992 >/proc/sys/net/core/wmem_max
  mkdir "$copy/bin"
  cp "$PUP_BIN"/pup "$PUP_BIN"/pup-supervisor "$PUP_BIN"/pup-keeper "$PUP_BIN"/pup-init "$PUP_BIN"/testchild "$PUP_BIN"/testbrain "$copy/bin/"
  bundle=$(find -L .build/debug -maxdepth 1 -name '*PackageTests.xctest' | head -n 1)
  cp "$bundle" "$copy/tests"
  chmod -R a+rX "$copy"
  runner=(setpriv --reuid=nobody --regid=nogroup --clear-groups env -i "PATH=$PATH" HOME=/tmp TMPDIR=/tmp "PUP_BIN=$copy/bin"
    "$copy/tests" --testing-library swift-testing)
  stage integration-as-user 3 "${runner[@]}" --no-parallel --filter IntegrationTests
fi

scripts/test-summary.sh "$logs" "${names[@]}"
