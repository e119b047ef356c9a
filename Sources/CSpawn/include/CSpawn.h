// The only code that runs between clone and exec, and the flat struct that it takes. Shared by the keeper, which starts programs
// directly when they have a cgroup of their own, and by pup-init, which starts them when there is none.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

enum { PUP_SPAWN_MAGIC = 0x53505550, PUP_SPAWN_VERSION = 1 };
// A reader must understand each flag of the lower half; those of the upper half it may skip.
enum { PUP_SPAWN_PLUGIN = 1 };
enum { PUP_SPAWN_KNOWN_FLAGS = PUP_SPAWN_PLUGIN, PUP_SPAWN_FLAGS_TO_UNDERSTAND = 0xFFFF };

/// Start of a spawn specification. `size` bytes in all; every `…_at` is an offset from the start to a NUL-terminated string, or to an
/// array of such offsets. Little-endian, as everything on this machine is.
///
/// New fields go last. A reader takes the first `header_size` bytes, as far as it knows them: what is missing is 0, and what it does not know it skips.
typedef struct {
  uint32_t magic;
  uint16_t version, needed;  // of the writer; the lowest of a reader that starts the program rightly
  uint32_t size, header_size;
  uint32_t flags, slot, generation;
  uint32_t row_out, row_err;  // rows of the stream ledger
  int32_t oom_score_adj;
  uint64_t grace_ns, timeout_ns;  // for a stop without a brain: from the wish to SIGTERM, and to SIGKILL
  uint64_t open_files;  // soft RLIMIT_NOFILE of the child; 0 leaves it
  uint32_t cgroup_at;  // name of the run's cgroup, below the base
  uint32_t executable_at;  // a path, or a name to be looked up in the child's PATH
  uint32_t cwd_at;
  uint32_t argv_at, argv_count;
  uint32_t env_at, env_count;
  uint32_t reserved;  // 0; the struct has no padding
} pup_spawn_header;

/// The header of version 1: no header is shorter.
enum { PUP_SPAWN_SHORTEST_HEADER = 96 };

/// Stages of a spawn, as reported with errno. The numbers are those of `SpawnStage`.
enum {
  PUP_STAGE_SPECIFICATION = 1, PUP_STAGE_PIPE, PUP_STAGE_CLONE, PUP_STAGE_SETSID, PUP_STAGE_CGROUP, PUP_STAGE_LIMITS,
  PUP_STAGE_CHDIR, PUP_STAGE_DESCRIPTORS, PUP_STAGE_EXEC, PUP_STAGE_INIT,
};

/// What the child writes to the error pipe when it cannot go on. Nothing is written when exec succeeds: the pipe closes by itself.
typedef struct { uint32_t stage; int32_t error; } pup_spawn_error;

/// `pup-init --check` prints "pup-init" and these: the spawn specifications that it reads.
enum { PUP_INIT_LOWEST = 1, PUP_INIT_HIGHEST = PUP_SPAWN_VERSION };

/// What pup-init tells the keeper, in this order. Each report says its own size, so that a keeper of another version gets over it, and is one packet of
/// the pipe (O_DIRECT, set by the keeper that makes it): it is taken whole, or not at all.
enum { PUP_REPORT_STARTED = 1, PUP_REPORT_EXITED = 2, PUP_REPORT_EMPTY = 3 };
typedef struct {
  uint16_t type, size;
  int32_t pid;
  int32_t code, status;  // as in siginfo_t
  int64_t user_us, system_us, max_rss_kb;
} pup_init_report;

/// A specification that has been checked: no offset leaves it, every string ends inside it. The pointers point into `base`.
typedef struct {
  pup_spawn_header header;  // as far as this version knows it
  char *_Nullable *_Null_unspecified argv;
  char *_Nullable *_Null_unspecified env;
  const char *_Null_unspecified cgroup, *_Null_unspecified executable, *_Null_unspecified cwd;
} pup_spawn_plan;

/// 0; -EINVAL for what is damaged; -EPROTONOSUPPORT for what this version must not guess at. On success `plan->argv` and `plan->env` are to be freed by `pup_plan_free`.
int pup_plan_parse(const void *base, size_t length, pup_spawn_plan *plan);
void pup_plan_free(pup_spawn_plan *plan);

typedef struct {
  const pup_spawn_plan *_Null_unspecified plan;
  int null_fd, out_fd, err_fd;
  int error_fd;   // close-on-exec
  int cgroup_fd;  // the run's own cgroup directory, or -1
} pup_spawn_descriptors;

/// Starts the program; returns its pid (and a pidfd), or -errno. What goes wrong after clone arrives on the error pipe.
pid_t pup_spawn(const pup_spawn_descriptors *request, int *pidfd);

/// Starts pup-init (in the run's cgroup, where there is one), which then starts the program. `spec_fd` is the specification, `report_fd` where it tells what happens, `mark` a word for
/// its command line, by which it can be found.
pid_t pup_spawn_init(const pup_spawn_descriptors *request, int init_fd, int spec_fd, int report_fd, const char *mark, int *pidfd);

/// Starts a brain: its own session, `control_fd` as 3, `log_fd` as 4, standard streams as they are.
pid_t pup_spawn_brain(int executable_fd, char *_Nullable const *_Nonnull argv, char *_Nullable const *_Nonnull env, int control_fd, int log_fd,
                      int error_fd, int *pidfd);

/// Starts one of Pup's own programs to see whether it can run: standard input and error are /dev/null, standard output is `output_fd`.
pid_t pup_spawn_check(int executable_fd, char *_Nullable const *_Nonnull argv, char *_Nullable const *_Nonnull env, int output_fd,
                      int error_fd, int *pidfd);

/// Starts a keeper for a brain that outlived its own, in a session of its own; `inherited` stay open across exec. `error_fd` (close-on-exec) gets a
/// `pup_spawn_error` where it cannot be executed.
pid_t pup_spawn_keeper(int executable_fd, char *_Nullable const *_Nonnull argv, char *_Nullable const *_Nonnull env, const int *inherited,
                       int inherited_count, int error_fd);

/// Takes pup-init's next report, or, from a pipe that keeps no packets, all that are there: always whole ones, by one read. What a report lacks is
/// 0, and what this version does not know of it is skipped. Answers how many there were; 0 where nothing more can be taken now.
int pup_read_reports(int report_fd, pup_init_report *reports, int capacity);

/// As many reports as one pup-init ever writes, and some more for those of later versions.
enum { PUP_MOST_REPORTS = 16 };

/// Runs in the new process and does not return.
_Noreturn void pup_spawn_child(const pup_spawn_descriptors *request);

/// The oom_score_adj of this process, and a way to set it.
int pup_oom_score(void);
int pup_set_oom_score(int score);

#pragma clang assume_nonnull end
