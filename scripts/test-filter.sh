#!/bin/sh
# Reads the output of a test run and shows what a person wants to see of it: failures, skipped tests and everything that is not a line about a test
# that starts or passes. On a terminal a counter moves meanwhile.
counter=0
[ ! -t 1 ] || counter=1
exec awk -v counter="$counter" '
  function clear() { if (counter && done) printf "\r\033[K" }
  # The arguments of a test case may go over several lines.
  inside || /^◇ / { inside = !/ started\.$/; next }
  /^✔ (Test|Suite) / && !/^✔ Test run with / {
    if (/^✔ Test / && counter) { done++; printf "\r\033[K%d passed", done; fflush() }
    next
  }
  /^\[[0-9]+\/[0-9]+\] / { next }
  /^Test Suite .Selected tests. / || /^\t Executed 0 tests/ || /^↳ (Testing Library|Target Platform)/ { next }
  { clear(); print; fflush() }
'
