#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

// struct clone_args as of Linux 5.7; older headers lack `cgroup`.
typedef struct {
  uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
} clone_arguments;
enum { FLAG_PIDFD = 0x1000 };
static const uint64_t FLAG_INTO_CGROUP = 0x200000000ull;

// A plain copy-on-write clone without a stack of its own, like fork. The keeper is small and single-threaded, so this costs a few page
// tables; CLONE_VFORK is not used because exec can wait for a disk or a network, and the keeper must not.
static pid_t clone_here(int cgroup_fd, int *pidfd) {
  int opened = -1;
  clone_arguments arguments = {.flags = FLAG_PIDFD, .pidfd = (uint64_t)(uintptr_t)&opened, .exit_signal = SIGCHLD};
  if (cgroup_fd >= 0) {
    arguments.flags |= FLAG_INTO_CGROUP;
    arguments.cgroup = (uint64_t)cgroup_fd;
  }
  long pid = syscall(SYS_clone3, &arguments, sizeof arguments);
  if (pid < 0) return -errno;
  if (pid > 0) *pidfd = opened;
  return (pid_t)pid;
}

pid_t pup_spawn(const pup_spawn_descriptors *request, int *pidfd) {
  pid_t pid = clone_here(request->cgroup_fd, pidfd);
  if (pid == 0) pup_spawn_child(request);
  return pid;
}

// Moves `sources[i]` to descriptor `first + i`. Sources that stand in the way of a later target are first moved out of it.
static int arrange(int first, int *sources, int count) {
  for (int i = 0; i < count; i++) {
    if (sources[i] >= first && sources[i] < first + count) {
      sources[i] = fcntl(sources[i], F_DUPFD_CLOEXEC, first + count);
      if (sources[i] < 0) return -errno;
    }
  }
  for (int i = 0; i < count; i++) {
    if (dup2(sources[i], first + i) < 0) return -errno;
  }
  return 0;
}

pid_t pup_spawn_init(const pup_spawn_descriptors *request, int init_fd, int spec_fd, int report_fd, const char *mark, int *pidfd) {
  pid_t pid = clone_here(request->cgroup_fd, pidfd);
  if (pid != 0) return pid;
  enum { OWN = 6 };
  int sources[OWN + PUP_SPAWN_MOST_DESCRIPTORS] = {
    spec_fd, report_fd, request->out_fd, request->err_fd, request->null_fd, request->error_fd};
  int travelling = (int)request->plan->descriptor_count, above = 3 + OWN + travelling;
  for (int i = 0; i < travelling; i++) sources[OWN + i] = request->travelling[i];
  int error_fd = fcntl(request->error_fd, F_DUPFD_CLOEXEC, above);
  int executable = fcntl(init_fd, F_DUPFD_CLOEXEC, above);
  int error = arrange(3, sources, OWN + travelling);
  if (error < 0) pup_spawn_fail(error_fd, PUP_STAGE_DESCRIPTORS, -error, NULL);
  if (dup2(7, 0) < 0 || dup2(7, 1) < 0 || dup2(7, 2) < 0) pup_spawn_fail(error_fd, PUP_STAGE_DESCRIPTORS, errno, NULL);
  pup_close_at_exec((unsigned)above);
  char name[96];
  snprintf(name, sizeof name, "pup-init: %s", request->plan->cgroup);
  char *argv[] = {name, (char *)mark, NULL};
  char *env[] = {NULL};
  syscall(SYS_execveat, executable, "", argv, env, AT_EMPTY_PATH);
  pup_spawn_fail(error_fd, PUP_STAGE_INIT, errno, NULL);
}

static _Noreturn void execute(int executable_fd, char *const *argv, char *const *env, int error_fd) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < 65; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  syscall(SYS_execveat, executable_fd, "", argv, env, AT_EMPTY_PATH);
  pup_spawn_fail(error_fd, PUP_STAGE_EXEC, errno, NULL);
}

pid_t pup_spawn_brain(int executable_fd, char *const *argv, char *const *env, int control_fd, int log_fd, int error_fd, int *pidfd) {
  pid_t pid = clone_here(-1, pidfd);
  if (pid != 0) return pid;
  // A session of its own: Ctrl-C on the terminal is for the keeper alone, which asks the brain to stop in order.
  if (setsid() < 0) pup_spawn_fail(error_fd, PUP_STAGE_SETSID, errno, NULL);
  error_fd = fcntl(error_fd, F_DUPFD_CLOEXEC, 16);
  int executable = fcntl(executable_fd, F_DUPFD_CLOEXEC, 16);
  int sources[] = {control_fd, log_fd};
  int error = arrange(3, sources, 2);
  if (error < 0) pup_spawn_fail(error_fd, PUP_STAGE_DESCRIPTORS, -error, NULL);
  execute(executable, argv, env, error_fd);
}

pid_t pup_spawn_check(int executable_fd, char *const *argv, char *const *env, int output_fd, int error_fd, int *pidfd) {
  pid_t pid = clone_here(-1, pidfd);
  if (pid != 0) return pid;
  if (setsid() < 0) pup_spawn_fail(error_fd, PUP_STAGE_SETSID, errno, NULL);
  error_fd = fcntl(error_fd, F_DUPFD_CLOEXEC, 16);
  int executable = fcntl(executable_fd, F_DUPFD_CLOEXEC, 16);
  int output = fcntl(output_fd, F_DUPFD_CLOEXEC, 16);
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0 || dup2(null, 0) < 0 || dup2(output, 1) < 0 || dup2(null, 2) < 0) pup_spawn_fail(error_fd, PUP_STAGE_DESCRIPTORS, errno, NULL);
  execute(executable, argv, env, error_fd);
}

pid_t pup_spawn_keeper(int executable_fd, char *const *argv, char *const *env, const int *inherited, int inherited_count,
                       int error_fd) {
  int pidfd = -1;
  pid_t pid = clone_here(-1, &pidfd);
  if (pid != 0) {
    if (pidfd >= 0) close(pidfd);
    return pid;
  }
  setsid();
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (int number = 1; number < 65; number++) sigaction(number, &standard, NULL);
  // A signal that comes before the new keeper listens must wait for it, not end it.
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  for (int i = 0; i < inherited_count; i++) {
    if (fcntl(inherited[i], F_SETFD, 0) < 0) pup_spawn_fail(error_fd, PUP_STAGE_DESCRIPTORS, errno, NULL);
  }
  syscall(SYS_execveat, executable_fd, "", argv, env, AT_EMPTY_PATH);
  pup_spawn_fail(error_fd, PUP_STAGE_EXEC, errno, NULL);
}

int pup_read_reports(int report_fd, pup_init_report *reports, int capacity) {
  // All in one call: whoever is killed after it has taken whole reports, and leaves whole ones. A pipe without packets (O_DIRECT) gives all
  // that is in it, which is never more than this: the three reports of a run take 120 bytes.
  char bytes[PIPE_BUF];
  ssize_t length = read(report_fd, bytes, sizeof bytes);
  int count = 0;
  for (ssize_t at = 0; count < capacity && at < length;) {
    struct { uint16_t type, size; } head;
    if (length - at < (ssize_t)sizeof head) break;
    memcpy(&head, bytes + at, sizeof head);
    if (head.size < sizeof head || head.size > length - at) break;
    pup_init_report *report = &reports[count++];
    memset(report, 0, sizeof *report);
    memcpy(report, bytes + at, head.size < sizeof *report ? head.size : sizeof *report);
    at += head.size;
  }
  return count;
}
