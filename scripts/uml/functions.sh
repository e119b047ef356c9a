# What the init script and the programs of a test's own kernel share. Needs HOST, WORK and MARKS.
# shellcheck shell=sh

# Ends this kernel. What is in the work folder can be read by the test afterwards.
finish() {
  [ "$MARKS" = "$HOST/marks" ] || cp "$MARKS" "$HOST/marks"
  tar -C "$WORK" -cf - . | tar -C "$HOST/work" -xf - --no-same-owner --warning=no-timestamp
  echo "finished" >"$HOST/finished"
  sync
  echo o >/proc/sysrq-trigger
  while :; do sleep 1; done
}

fail() {
  echo "$*" >"$HOST/failure"
  finish
}

# wait_for SECONDS COMMAND...: until it succeeds, by a clock that is never set.
wait_for() {
  read -r up _ </proc/uptime
  limit=$((${up%%.*} + $1))
  shift
  until "$@"; do
    read -r up _ </proc/uptime
    [ "${up%%.*}" -le "$limit" ] || fail "awaited in vain: $*"
    sleep 0.05
  done
}

# marked NAME [COUNT]: whether there are so many marks of this name.
marked() { [ "$(grep -c "^$1 " "$MARKS")" -ge "${2:-1}" ]; }

# Sets the wall clock forward, or back.
step() { date -s "@$(($(date +%s) + $1))" >/dev/null || fail "date -s"; }

# How many processes have this name, those that have ended and were not reaped among them.
named() { cat /proc/[0-9]*/stat 2>/dev/null | grep -c "^[0-9]* ($1) "; }

# The processes of this name.
pids_of() { sed -n "s/^\([0-9]*\) ($1) .*/\1/p" /proc/[0-9]*/stat 2>/dev/null; }
