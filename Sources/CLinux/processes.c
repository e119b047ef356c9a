#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int pup_pidfd_open(pid_t pid) { return result((int)syscall(SYS_pidfd_open, pid, 0)); }
int pup_pidfd_signal(int pidfd, int signal) { return result((int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0)); }

static int wait_for(idtype_t type, id_t id, bool keep, pup_child_status *status) {
  siginfo_t info;
  struct rusage usage;
  memset(&info, 0, sizeof info);
  memset(&usage, 0, sizeof usage);
  // The system call, because glibc's waitid has no rusage.
  if (syscall(SYS_waitid, type, id, &info, WEXITED | WNOHANG | (keep ? WNOWAIT : 0), &usage) < 0) return -errno;
  if (info.si_pid == 0) return 0;
  status->pid = info.si_pid;
  status->code = info.si_code;
  status->status = info.si_status;
  status->user_us = (int64_t)usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec;
  status->system_us = (int64_t)usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec;
  status->max_rss_kb = usage.ru_maxrss;
  return 1;
}

int pup_wait_pidfd(int pidfd, bool keep, pup_child_status *status) { return wait_for((idtype_t)P_PIDFD, (id_t)pidfd, keep, status); }
int pup_wait_any(bool keep, pup_child_status *status) { return wait_for(P_ALL, 0, keep, status); }
int pup_wait_pid(pid_t pid, bool keep, pup_child_status *status) { return wait_for(P_PID, (id_t)pid, keep, status); }

int pup_pidfd_exit_info(int pidfd, int *wait_status) {
  // struct pidfd_info as of Linux 6.15 (72 bytes: mask … supplementary ids, exit_code), missing from older headers.
  struct {
    uint64_t mask, cgroup;
    uint32_t pid, tgid, ppid, ruid, rgid, euid, egid, suid, sgid, fsuid, fsgid;
    int32_t exit_code;
    uint32_t coredump_mask, spare;
  } info;
  memset(&info, 0, sizeof info);
  info.mask = 1u << 3;  // PIDFD_INFO_EXIT
  unsigned long request = _IOC(_IOC_READ | _IOC_WRITE, 0xFF, 11, sizeof info);
  if (ioctl(pidfd, request, &info) < 0) return errno == ESRCH ? 0 : -errno;
  if (!(info.mask & (1u << 3))) return 0;
  *wait_status = info.exit_code;
  return 1;
}

int pup_set_subreaper(bool on) { return result(prctl(PR_SET_CHILD_SUBREAPER, on ? 1 : 0, 0, 0, 0)); }
int pup_set_name(const char *name) { return result(prctl(PR_SET_NAME, name, 0, 0, 0)); }
int pup_thread_number(void) { return gettid(); }

int pup_run_when_idle(void) {
  int priority = 0;  // struct sched_param, which <linux/sched.h> keeps out
  return result((int)syscall(SYS_sched_setscheduler, 0, SCHED_IDLE, &priority));
}

int pup_set_parent_death_signal(int number) { return result(prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)); }

int pup_exec_descriptor(int fd, char *const *argv, char *const *environment) {
  syscall(SYS_execveat, fd, "", argv, environment, AT_EMPTY_PATH);
  return -errno;
}
