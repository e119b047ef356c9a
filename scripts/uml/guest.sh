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

# shellcheck source=functions.sh
. "$HOST/tools/functions.sh"

mount_cgroups() { mount -t cgroup2 cgroup2 /sys/fs/cgroup || fail "mount cgroup2"; }
