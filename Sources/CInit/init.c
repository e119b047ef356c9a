// pup-init: the subreaper of one run, used where the run cannot have a cgroup of its own, and beside the cgroup for a plugin's. Started by the keeper with
//   3 specification  4 report pipe  5 stdout  6 stderr  7 /dev/null  8 error pipe  9... the descriptors that travel with the specification
// It starts the program, adopts whatever the program's tree orphans, tells the keeper when the leader has ended and when the tree is
// empty, and exits then. It never signals anybody: the keeper does. It has no limits, no namespaces and no user input.
#include "CSpawn.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SPEC_FD = 3, REPORT_FD, OUT_FD, ERR_FD, NULL_FD, ERROR_FD, TRAVELLING_FD };

static void report(pup_init_report *record) {
  record->size = sizeof *record;
  // The pipe is open for reading here too, so a dead keeper is no SIGPIPE; three small records never fill it.
  ssize_t written = write(REPORT_FD, record, sizeof *record);
  (void)written;
}

static int wait_for(idtype_t type, id_t id, int options, siginfo_t *info, struct rusage *usage) {
  memset(info, 0, sizeof *info);
  return (int)syscall(SYS_waitid, type, id, info, WEXITED | options, usage);
}

// Reaps every ended child but the leader, whose zombie keeps its process group's number from being used again.
// Answers whether any other child is left; -1 when the kernel has no list of children. `reaped` counts: the list shifts while it is read,
// so only a pass that reaps nobody has seen everybody.
static int reap_others(pid_t leader, int *reaped) {
  int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  char text[4096];
  int left = 0;
  pid_t pid = 0;
  for (;;) {
    ssize_t length = read(fd, text, sizeof text);
    if (length <= 0) break;
    for (ssize_t i = 0; i < length; i++) {
      if (text[i] >= '0' && text[i] <= '9') {
        pid = pid * 10 + (text[i] - '0');
        continue;
      }
      if (pid > 0 && pid != leader) {
        siginfo_t info;
        struct rusage usage;
        if (wait_for(P_PID, (id_t)pid, WNOHANG, &info, &usage) == 0 && info.si_pid == 0) left = 1;
        else *reaped += 1;
      }
      pid = 0;
    }
  }
  close(fd);
  return left;
}

// `pup-init --check`: whether this file can run here at all, and is what its name says.
static int answer_check(void) {
  char text[32];
  int length = snprintf(text, sizeof text, "pup-init %d %d", PUP_INIT_LOWEST, PUP_INIT_HIGHEST);
  return write(1, text, (size_t)length) == length ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--check") == 0) return answer_check();
  pup_spawn_plan plan;
  struct stat info;
  sigset_t all, childSignal;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  sigemptyset(&childSignal);
  sigaddset(&childSignal, SIGCHLD);

  // A session of its own, so that neither a terminal nor a signal to the keeper's group reaches it.
  setsid();
  // Started from an open descriptor, it would be named after the descriptor; the keeper recognizes it by this name.
  prctl(PR_SET_NAME, "pup-init", 0, 0, 0);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0) pup_spawn_fail(ERROR_FD, PUP_STAGE_INIT, errno, NULL);
  if (fstat(SPEC_FD, &info) < 0 || info.st_size <= 0) pup_spawn_fail(ERROR_FD, PUP_STAGE_SPECIFICATION, EINVAL, NULL);
  void *base = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, SPEC_FD, 0);
  if (base == MAP_FAILED) pup_spawn_fail(ERROR_FD, PUP_STAGE_SPECIFICATION, errno, NULL);
  int parsed = pup_plan_parse(base, (size_t)info.st_size, &plan);
  if (parsed < 0) pup_spawn_fail(ERROR_FD, PUP_STAGE_SPECIFICATION, -parsed, NULL);

  int after = TRAVELLING_FD + (int)plan.descriptor_count;
  int travelling[PUP_SPAWN_MOST_DESCRIPTORS];
  for (int fd = TRAVELLING_FD; fd < after; fd++) travelling[fd - TRAVELLING_FD] = fd;
  for (int fd = SPEC_FD; fd < after; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
  pup_spawn_descriptors descriptors = {
    .plan = &plan, .null_fd = NULL_FD, .out_fd = OUT_FD, .err_fd = ERR_FD, .error_fd = ERROR_FD, .cgroup_fd = -1,
    .travelling = travelling};
  pid_t leader = fork();
  if (leader < 0) pup_spawn_fail(ERROR_FD, PUP_STAGE_CLONE, errno, NULL);
  if (leader == 0) pup_spawn_child(&descriptors);

  pup_init_report record = {.type = PUP_REPORT_STARTED, .pid = leader};
  report(&record);
  // The error pipe closes at the program's exec, so this side has to let go of it; the output belongs to the program alone.
  close(ERROR_FD);
  close(OUT_FD);
  close(ERR_FD);
  for (int fd = TRAVELLING_FD; fd < after; fd++) close(fd);
  pup_plan_free(&plan);
  munmap(base, (size_t)info.st_size);
  close(SPEC_FD);

  bool ended = false;
  for (;;) {
    if (!ended) {
      siginfo_t child;
      struct rusage usage;
      // WNOWAIT first: only the leader stays unreaped.
      while (wait_for(P_ALL, 0, WNOHANG | WNOWAIT, &child, &usage) == 0 && child.si_pid != 0) {
        if (child.si_pid == leader) {
          wait_for(P_PID, (id_t)leader, WNOHANG | WNOWAIT, &child, &usage);
          record = (pup_init_report){
            .type = PUP_REPORT_EXITED, .pid = leader, .code = child.si_code, .status = child.si_status,
            .user_us = (int64_t)usage.ru_utime.tv_sec * 1000000 + usage.ru_utime.tv_usec,
            .system_us = (int64_t)usage.ru_stime.tv_sec * 1000000 + usage.ru_stime.tv_usec, .max_rss_kb = usage.ru_maxrss};
          report(&record);
          ended = true;
          break;
        }
        wait_for(P_PID, (id_t)child.si_pid, WNOHANG, &child, &usage);
      }
    }
    if (ended) {
      int left, reaped;
      do {
        reaped = 0;
        left = reap_others(leader, &reaped);
      } while (left >= 0 && reaped > 0);
      if (left < 0) {
        // Without the list the leader's number cannot be kept: reap everything in the order in which it ends.
        while (waitpid(-1, NULL, WNOHANG) > 0) {}
        left = waitpid(-1, NULL, WNOHANG) == 0;
      }
      if (!left) break;
    }
    int received;
    sigwait(&childSignal, &received);
  }
  record = (pup_init_report){.type = PUP_REPORT_EMPTY, .pid = leader};
  report(&record);
  return 0;
}
