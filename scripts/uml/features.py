#!/usr/bin/env python3
"""What the kernel that this runs on can do of what Pup uses where it is there: one line "FEATURE yes" or "FEATURE ERRNO" each."""
import ctypes
import errno
import os
import signal
import sys

libc = ctypes.CDLL(None, use_errno=True)
CLONE3, CLOSE_RANGE, PIDFD_OPEN, PIDFD_SEND_SIGNAL = 435, 436, 434, 424


def call(number, *arguments):
    """A system call's result, or an OSError."""
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result


def clone_into_cgroup():
    folder = os.path.join(sys.argv[1], "features")
    os.mkdir(folder)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    # struct clone_args: flags (CLONE_INTO_CGROUP), pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
    # set_tid_size, cgroup
    arguments = (ctypes.c_uint64 * 11)(0x200000000, 0, 0, 0, signal.SIGCHLD, 0, 0, 0, 0, 0, descriptor)
    try:
        pid = call(CLONE3, ctypes.byref(arguments), 88)
        if pid == 0:
            with open("/proc/self/cgroup") as file:
                os._exit(0 if file.read().rstrip().endswith("/features") else 1)
        if os.waitpid(pid, 0)[1] != 0:
            raise OSError(errno.EPROTO, "")
    finally:
        os.close(descriptor)
        os.rmdir(folder)


def cgroup_kill():
    folder = os.path.join(sys.argv[1], "features")
    os.mkdir(folder)
    try:
        os.stat(os.path.join(folder, "cgroup.kill"))
    finally:
        os.rmdir(folder)


def pidfd():
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    descriptor = call(PIDFD_OPEN, child, 0)
    call(PIDFD_SEND_SIGNAL, descriptor, signal.SIGKILL, 0, 0)
    os.waitid(os.P_PIDFD, descriptor, os.WEXITED)
    os.close(descriptor)


def pidfd_exit_info():
    child = os.fork()
    if child == 0:
        os._exit(7)
    descriptor = call(PIDFD_OPEN, child, 0)
    os.waitpid(child, 0)
    # PIDFD_GET_INFO = _IOWR(0xFF, 11, struct pidfd_info of 64 bytes); mask PIDFD_INFO_EXIT.
    info = (ctypes.c_uint64 * 8)(1 << 3)
    if libc.ioctl(descriptor, ctypes.c_ulong(0xC040FF0B), ctypes.byref(info)) < 0:
        raise OSError(ctypes.get_errno(), "")


def close_range():
    # Beyond everything that is open; CLOSE_RANGE_CLOEXEC.
    call(CLOSE_RANGE, 1000, 1001, 4)


for probe in [clone_into_cgroup, cgroup_kill, pidfd, pidfd_exit_info, close_range]:
    try:
        probe()
        print(probe.__name__, "yes")
    except OSError as error:
        print(probe.__name__, errno.errorcode.get(error.errno, error.errno))
