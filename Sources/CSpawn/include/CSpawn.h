// The only code that runs between clone and exec, and the flat struct that it takes. Shared by the keeper, which starts programs
// directly when they have a cgroup of their own, and by pup-init, which starts them when there is none.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

enum { PUP_SPAWN_MAGIC = 0x32505350, PUP_SPAWN_VERSION = 1 };

/// Start of a spawn specification, which is a header, a table of sections, and their contents, `size` bytes in all. Little-endian, as
/// everything on this machine is. Nothing is aligned: a reader copies what it takes.
///
/// Fields of later versions go last, here and in every struct of a section. A reader takes what it knows: what is missing is 0, and what is
/// behind that is skipped.
typedef struct {
  uint32_t magic;
  uint16_t version, needed;  // of the writer; the lowest of a reader that starts the program rightly
  uint32_t size;
  uint16_t header_size;    // the table stands behind the header
  uint16_t section_count;
} pup_spawn_header;

/// One entry of the table. Every type stands in it once at most.
typedef struct {
  uint16_t type, flags;
  uint32_t at, length;  // from the start of the specification
} pup_spawn_section;

/// A reader that does not know the section refuses the specification; any other section that it does not know is skipped.
enum { PUP_SECTION_REQUIRED = 1 };

enum {
  PUP_SECTION_RUN = 1,       // pup_spawn_run
  PUP_SECTION_CGROUP,        // text: name of the run's cgroup, below the base
  PUP_SECTION_EXECUTABLE,    // text: a path, or a name to be looked up in the program's PATH
  PUP_SECTION_DIRECTORY,     // text: the working directory
  PUP_SECTION_ARGUMENTS,     // texts, one at least
  PUP_SECTION_ENVIRONMENT,   // texts
  PUP_SECTION_LIMITS,        // pup_spawn_limit, any number
  PUP_SECTION_DESCRIPTORS,   // uint32_t, any number: the program's number for each descriptor that comes with the specification, in their order
  // Taken, for what no version writes yet: user, groups and umask; namespaces, mounts and filters.
  PUP_SECTION_IDENTITY,
  PUP_SECTION_JAIL,
};

// A reader must understand each flag of the lower half; those of the upper half it may skip.
enum { PUP_SPAWN_PLUGIN = 1 };
enum { PUP_SPAWN_KNOWN_FLAGS = PUP_SPAWN_PLUGIN, PUP_SPAWN_FLAGS_TO_UNDERSTAND = 0xFFFF };

typedef struct {
  uint32_t flags, slot, generation;
  uint32_t row_out, row_err;  // rows of the stream ledger
  int32_t oom_score_adj;
  uint64_t grace_ns, timeout_ns;  // for a stop without a brain: from the wish to SIGTERM, and to SIGKILL
} pup_spawn_run;

/// The first version of the struct: none is shorter.
enum { PUP_SPAWN_SHORTEST_RUN = 40 };

/// A resource limit of the program (RLIMIT_...).
enum { PUP_LIMIT_SOFT = 1, PUP_LIMIT_HARD = 2, PUP_LIMIT_UP_TO_HARD = 4 };
typedef struct {
  uint32_t resource;
  uint32_t flags;  // which of the two are set; whether a soft limit above the hard one is left out instead of refused
  uint64_t soft, hard;
} pup_spawn_limit;

/// At most this many descriptors travel with a specification, to numbers from 3 up to the highest one. All must fit above the highest number, too,
/// below the keeper's limit of open files.
enum { PUP_SPAWN_MOST_DESCRIPTORS = 64, PUP_SPAWN_HIGHEST_DESCRIPTOR = 1023 };

/// Stages of a spawn, as reported with errno. The numbers are those of `SpawnStage`.
enum {
  PUP_STAGE_SPECIFICATION = 1, PUP_STAGE_PIPE, PUP_STAGE_CLONE, PUP_STAGE_SETSID, PUP_STAGE_CGROUP, PUP_STAGE_LIMITS,
  PUP_STAGE_CHDIR, PUP_STAGE_DESCRIPTORS, PUP_STAGE_EXEC, PUP_STAGE_INIT,
};

/// What the child writes to the error pipe when it cannot go on: these 8 bytes, and as much of the text as there is, at once. Nothing is
/// written when exec succeeds: the pipe closes by itself.
enum { PUP_FAILURE_HEAD = 8, PUP_FAILURE_TEXT = 248 };
typedef struct {
  uint32_t stage;
  int32_t error;
  char text[PUP_FAILURE_TEXT];  // what it was about: a path, the name of a limit; no NUL at its end
} pup_spawn_error;

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

/// A specification that has been checked: every section lies inside it, every text ends inside its section. The texts point into `base`.
typedef struct {
  pup_spawn_run run;  // as far as this version knows it
  char *_Nullable *_Null_unspecified argv;
  char *_Nullable *_Null_unspecified env;
  uint32_t argv_count, env_count;
  const char *_Null_unspecified cgroup, *_Null_unspecified executable, *_Null_unspecified cwd;
  pup_spawn_limit *_Null_unspecified limits;
  uint32_t *_Null_unspecified descriptors;
  uint32_t limit_count, descriptor_count;
} pup_spawn_plan;

/// 0; -EINVAL for what is damaged; -EPROTONOSUPPORT for what this version must not guess at. On success the plan's
/// lists are to be freed by `pup_plan_free`.
int pup_plan_parse(const void *base, size_t length, pup_spawn_plan *plan);
void pup_plan_free(pup_spawn_plan *plan);

typedef struct {
  const pup_spawn_plan *_Null_unspecified plan;
  int null_fd, out_fd, err_fd;
  int error_fd;   // close-on-exec
  int cgroup_fd;  // the run's own cgroup directory, or -1
  const int *_Nullable travelling;  // as many as the plan has descriptors
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

/// Marks every descriptor from `first` on.
void pup_close_at_exec(unsigned first);

/// Tells what has failed, and ends the new process.
_Noreturn void pup_spawn_fail(int error_fd, uint32_t stage, int error, const char *_Nullable text);

/// The oom_score_adj of this process, and a way to set it.
int pup_oom_score(void);
int pup_set_oom_score(int score);

#pragma clang assume_nonnull end
