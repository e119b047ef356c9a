# The beginning of the first process of a test's own kernel. It is sourced by the init script that the tests write, which has set
# PUP_BIN (the binaries under test) and HOST (the test's folder), both as this machine knows them. The root file system is this
# machine's, read-only; what is written goes to memory, or to HOST.
# shellcheck shell=sh

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
mkdir -p /run/uml/host /run/uml/bin /run/uml/work
mount -t hostfs none /run/uml/host -o "$HOST"
mount -t hostfs none /run/uml/bin -o "$PUP_BIN"
mount -t tmpfs tmpfs /run/uml/work
# Where the two folders may have been until now.
mount -t tmpfs tmpfs /tmp
mkdir -p /dev/shm
mount -t tmpfs tmpfs /dev/shm

HOST=/run/uml/host
WORK=/run/uml/work
MARKS=$WORK/marks
HOME=$WORK
LANG=C.UTF-8
TZ=UTC
PATH=$HOST/tools:/run/uml/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export HOST WORK MARKS HOME LANG TZ PATH
cd "$WORK" || exit 1
: >"$MARKS"

# Ends this kernel. What is in the work folder can be read by the test afterwards.
finish() {
  cp "$MARKS" "$HOST/marks"
  tar -C "$WORK" -cf - . | tar -C "$HOST/work" -xf - --no-same-owner
  echo "finished" >"$HOST/finished"
  sync
  echo o >/proc/sysrq-trigger
  while :; do sleep 1; done
}

fail() {
  echo "$*" >"$HOST/failure"
  finish
}

mount_cgroups() { mount -t cgroup2 cgroup2 /sys/fs/cgroup || fail "mount cgroup2"; }

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

# How many processes have ended and were not reaped.
zombies() { cat /proc/[0-9]*/stat 2>/dev/null | grep -c '^[0-9]* (.*) Z '; }

is_alive() { kill -0 "$1" 2>/dev/null; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }
