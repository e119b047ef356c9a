#!/bin/bash
# The whole test suite: unit tests, then the integration tests against the release binaries, as root where this is root, and as an ordinary
# user. Arguments go to `swift test` (--filter ...).
set -euo pipefail
cd "$(dirname "$0")/.."

export PUP_BIN="$PWD/.build/release"
swift build --build-tests 2>&1 | tail -n 3
if [ $# -gt 0 ]; then
  exec swift test --skip-build "$@"
fi

scripts/service-managers.sh
echo "== unit tests"
swift test --skip-build --skip IntegrationTests --skip UserModeLinuxTests --skip PupWebTests --skip RealManagers
# Real processes, sockets and clocks: one test at a time, so that each has the machine that its deadlines mean.
echo "== servers"
swift test --skip-build --no-parallel --filter PupWebTests --filter RealManagers
echo "== integration tests"
swift test --skip-build --no-parallel --filter IntegrationTests
echo "== tests in a kernel of their own"
# Two kernels at a time.
swift test --skip-build --filter UserModeLinuxTests

if [ "$(id -u)" -eq 0 ] && id nobody >/dev/null 2>&1; then
  # The binaries are copied: an ordinary user may not be able to enter this folder.
  copy=$(mktemp -d /tmp/pup-test.XXXXXX)
  wmem=$(cat /proc/sys/net/core/wmem_max)
  trap 'rm -rf "$copy"; echo "$wmem" >/proc/sys/net/core/wmem_max' EXIT
  # The stock value of the kernel: what fits into a socket here must fit everywhere.
  echo 212992 >/proc/sys/net/core/wmem_max
  mkdir "$copy/bin"
  cp "$PUP_BIN"/pup "$PUP_BIN"/pup-supervisor "$PUP_BIN"/pup-keeper "$PUP_BIN"/pup-init "$PUP_BIN"/testchild "$PUP_BIN"/testbrain "$copy/bin/"
  bundle=$(find -L .build/debug -maxdepth 1 -name '*PackageTests.xctest' | head -n 1)
  cp "$bundle" "$copy/tests"
  chmod -R a+rX "$copy"
  echo "== integration tests as an ordinary user"
  setpriv --reuid=nobody --regid=nogroup --clear-groups env -i PATH="$PATH" HOME=/tmp TMPDIR=/tmp PUP_BIN="$copy/bin" \
    "$copy/tests" --testing-library swift-testing --no-parallel --filter IntegrationTests
fi
