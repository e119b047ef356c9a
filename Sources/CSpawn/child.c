// Everything here may run in a process that shares its parent's state: async-signal-safe calls only.
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1u << 2)
#endif

_Noreturn void pup_spawn_fail(int error_fd, uint32_t stage, int error, const char *text) {
  pup_spawn_error report = {.stage = stage, .error = error};
  size_t length = text ? strnlen(text, sizeof report.text) : 0;
  memcpy(report.text, text ? text : "", length);
  ssize_t written = write(error_fd, &report, PUP_FAILURE_HEAD + length);
  (void)written;
  _exit(127);
}

// Belt and braces: every descriptor is opened close-on-exec. What the keeper was given by whoever started it may not be.
void pup_close_at_exec(unsigned first) {
  if (syscall(SYS_close_range, first, ~0u, CLOSE_RANGE_CLOEXEC) == 0) return;
  // Before Linux 5.11. What has been handed down from outside has a low number.
  for (unsigned fd = first; fd < 1024; fd++) fcntl((int)fd, F_SETFD, FD_CLOEXEC);
}

// Moves what travels to its numbers, and everything that is needed until exec out of their way. All but the program's own descriptors end
// with exec.
static int arrange(const pup_spawn_descriptors *request, int *error_fd) {
  const pup_spawn_plan *plan = request->plan;
  int sources[PUP_SPAWN_MOST_DESCRIPTORS];
  uint32_t above = 3;
  for (uint32_t i = 0; i < plan->descriptor_count; i++) {
    if (plan->descriptors[i] >= above) above = plan->descriptors[i] + 1;
  }
  if ((uint32_t)*error_fd < above) {
    int moved = fcntl(*error_fd, F_DUPFD_CLOEXEC, (int)above);
    if (moved < 0) return errno;
    *error_fd = moved;
  }
  for (uint32_t i = 0; i < plan->descriptor_count; i++) {
    sources[i] = fcntl(request->travelling[i], F_DUPFD_CLOEXEC, (int)above);
    if (sources[i] < 0) return errno;
  }
  // Descriptors that are in the way of 0, 1 and 2 cannot be among the sources: the keeper keeps its own above them.
  if (dup2(request->null_fd, 0) < 0 || dup2(request->out_fd, 1) < 0 || dup2(request->err_fd, 2) < 0) return errno;
  pup_close_at_exec(3);
  for (uint32_t i = 0; i < plan->descriptor_count; i++) {
    if (dup2(sources[i], (int)plan->descriptors[i]) < 0) return errno;
  }
  return 0;
}

// A limit that the kernel refuses is a failed start: the program must not run with another one than it was given.
static int set_limit(const pup_spawn_limit *wanted) {
  struct rlimit limit;
  if (getrlimit((int)wanted->resource, &limit) < 0) return errno;
  if (wanted->flags & PUP_LIMIT_HARD) limit.rlim_max = wanted->hard;
  bool isLeftOut = wanted->flags & PUP_LIMIT_UP_TO_HARD && wanted->soft > limit.rlim_max;
  if (wanted->flags & PUP_LIMIT_SOFT && !isLeftOut) limit.rlim_cur = wanted->soft;
  if (limit.rlim_cur > limit.rlim_max) {
    // What was asked for is refused by the kernel; what is only left over follows the hard limit.
    if (!(wanted->flags & PUP_LIMIT_SOFT) || isLeftOut) limit.rlim_cur = limit.rlim_max;
  }
  return setrlimit((int)wanted->resource, &limit) < 0 ? errno : 0;
}

static const char *limit_name(uint32_t resource) {
  static const char *const names[RLIM_NLIMITS] = {
    [RLIMIT_CPU] = "RLIMIT_CPU", [RLIMIT_FSIZE] = "RLIMIT_FSIZE", [RLIMIT_DATA] = "RLIMIT_DATA", [RLIMIT_STACK] = "RLIMIT_STACK",
    [RLIMIT_CORE] = "RLIMIT_CORE", [RLIMIT_RSS] = "RLIMIT_RSS", [RLIMIT_NPROC] = "RLIMIT_NPROC", [RLIMIT_NOFILE] = "RLIMIT_NOFILE",
    [RLIMIT_MEMLOCK] = "RLIMIT_MEMLOCK", [RLIMIT_AS] = "RLIMIT_AS", [RLIMIT_LOCKS] = "RLIMIT_LOCKS",
    [RLIMIT_SIGPENDING] = "RLIMIT_SIGPENDING", [RLIMIT_MSGQUEUE] = "RLIMIT_MSGQUEUE", [RLIMIT_NICE] = "RLIMIT_NICE",
    [RLIMIT_RTPRIO] = "RLIMIT_RTPRIO", [RLIMIT_RTTIME] = "RLIMIT_RTTIME",
  };
  return resource < RLIM_NLIMITS ? names[resource] : "a limit of a later kernel";
}

_Static_assert(offsetof(pup_spawn_error, text) == PUP_FAILURE_HEAD, "no padding");

static void reset_signals(void) {
  struct sigaction standard;
  memset(&standard, 0, sizeof standard);
  standard.sa_handler = SIG_DFL;
  // exec resets what is caught; what is ignored stays so. Real-time signals are ignored by nobody. (KILL and STOP fail: harmless.)
  for (int number = 1; number < 32; number++) sigaction(number, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static const char *path_of(char *const *env) {
  for (; *env; env++) {
    if (strncmp(*env, "PATH=", 5) == 0) return *env + 5;
  }
  return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

// A script without a "#!" line is a shell script, as it is for every shell.
static void exec_or_shell(const char *path, char *const *argv, int argc, char *const *env) {
  execve(path, argv, env);
  if (errno != ENOEXEC || argc > 4000) return;
  const char *shell_argv[4003];
  shell_argv[0] = "/bin/sh";
  shell_argv[1] = path;
  for (int i = 1; i <= argc; i++) shell_argv[i + 1] = argv[i];
  execve("/bin/sh", (char *const *)shell_argv, env);
}

static int exec_program(const pup_spawn_plan *plan) {
  const char *name = plan->executable;
  int argc = (int)plan->argv_count;
  if (strchr(name, '/')) {
    exec_or_shell(name, plan->argv, argc, plan->env);
    return errno;
  }
  size_t name_length = strlen(name);
  if (name_length == 0) return ENOENT;
  bool denied = false;
  char candidate[PATH_MAX];
  for (const char *path = path_of(plan->env);;) {
    const char *end = strchr(path, ':');
    size_t length = end ? (size_t)(end - path) : strlen(path);
    if (length + name_length + 2 <= sizeof candidate) {
      memcpy(candidate, path, length);
      // An empty element of PATH is the working directory.
      if (length == 0) candidate[length++] = '.';
      candidate[length] = '/';
      memcpy(candidate + length + 1, name, name_length + 1);
      exec_or_shell(candidate, plan->argv, argc, plan->env);
      if (errno == EACCES) denied = true;
      else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENAMETOOLONG && errno != ELOOP) return errno;
    }
    if (!end) return denied ? EACCES : ENOENT;
    path = end + 1;
  }
}

_Noreturn void pup_spawn_child(const pup_spawn_descriptors *request) {
  const pup_spawn_plan *plan = request->plan;
  int error_fd = request->error_fd;
  if (setsid() < 0) pup_spawn_fail(error_fd, PUP_STAGE_SETSID, errno, NULL);
  pup_set_oom_score(plan->run.oom_score_adj);
  int error = arrange(request, &error_fd);
  if (error != 0) pup_spawn_fail(error_fd, PUP_STAGE_DESCRIPTORS, error, NULL);
  // After the descriptors, which may be above the limit: it binds new ones only.
  for (uint32_t i = 0; i < plan->limit_count; i++) {
    error = set_limit(&plan->limits[i]);
    if (error != 0) pup_spawn_fail(error_fd, PUP_STAGE_LIMITS, error, limit_name(plan->limits[i].resource));
  }
  if (chdir(plan->cwd) < 0) pup_spawn_fail(error_fd, PUP_STAGE_CHDIR, errno, plan->cwd);
  reset_signals();
  error = exec_program(plan);
  pup_spawn_fail(error_fd, PUP_STAGE_EXEC, error, plan->executable);
}

int pup_oom_score(void) {
  int fd = open("/proc/self/oom_score_adj", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  char text[16];
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  int value = 0, sign = 1;
  for (ssize_t i = 0; i < length && text[i] != '\n'; i++) {
    if (text[i] == '-') sign = -1;
    else if (text[i] >= '0' && text[i] <= '9') value = value * 10 + text[i] - '0';
  }
  return sign * value;
}

int pup_set_oom_score(int score) {
  char digits[8], text[12];
  int length = 0, at = 0;
  unsigned value = score < 0 ? (unsigned)-score : (unsigned)score;
  if (value > 1000) return -EINVAL;
  do digits[length++] = (char)('0' + value % 10); while ((value /= 10) > 0);
  if (score < 0) text[at++] = '-';
  while (length > 0) text[at++] = digits[--length];
  int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  ssize_t written = write(fd, text, (size_t)at);
  int error = written < 0 ? -errno : 0;
  close(fd);
  return error;
}
