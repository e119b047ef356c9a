// The Linux calls that Swift cannot import: variadic functions, macros, calls without a glibc
// wrapper, and headers that are not part of the Glibc module map. Every function returns a value
// >= 0, or -errno, so callers never depend on the thread's errno after other Swift code has run.
// Each section has a file of its own.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

// MARK: Atomics on mapped memory (Swift's own atomics cannot be placed on a raw pointer without the Synchronization module)

static inline uint64_t pup_load_acquire(const uint64_t *address) { return __atomic_load_n(address, __ATOMIC_ACQUIRE); }
static inline void pup_store_release(uint64_t *address, uint64_t value) { __atomic_store_n(address, value, __ATOMIC_RELEASE); }
/// Keeps the compiler from moving stores across this line: a process killed after this line has made all stores before it.
static inline void pup_store_fence(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

// MARK: epoll.c (not in the Glibc module map; the kernel's struct is packed on x86-64)

typedef struct { uint32_t events; uint64_t data; } pup_epoll_event;
enum {
  PUP_EPOLL_IN = 0x001, PUP_EPOLL_PRI = 0x002, PUP_EPOLL_OUT = 0x004, PUP_EPOLL_ERR = 0x008, PUP_EPOLL_HUP = 0x010,
  PUP_EPOLL_RDHUP = 0x2000,
};
static const uint32_t PUP_EPOLL_ONESHOT = 1u << 30;
static const uint32_t PUP_EPOLL_EDGE = 1u << 31;
int pup_epoll_create(void);
int pup_epoll_add(int epoll, int fd, uint32_t events, uint64_t data);
int pup_epoll_modify(int epoll, int fd, uint32_t events, uint64_t data);
int pup_epoll_remove(int epoll, int fd);
/// At most 64 events; `timeout_ms` -1 waits forever. EINTR is reported as 0 events.
int pup_epoll_wait(int epoll, pup_epoll_event *events, int capacity, int timeout_ms);

// MARK: timers.c: timers and clocks (timerfd is not in the module map)

typedef enum { PUP_CLOCK_REALTIME = 0, PUP_CLOCK_MONOTONIC = 1, PUP_CLOCK_BOOTTIME = 7 } pup_clock;
int64_t pup_clock_now(pup_clock clock);  // nanoseconds
int pup_timer_create(pup_clock clock);
/// Absolute time in nanoseconds, 0 disarms. With `cancel_on_set`
/// (CLOCK_REALTIME only), a read fails with ECANCELED if the clock was set.
int pup_timer_set(int timer, int64_t at_ns, bool cancel_on_set);
/// The number of expirations since the last read, 0 if there were none, -ECANCELED if the clock was set.
int64_t pup_timer_read(int timer);

// MARK: events.c (eventfd is not in the module map either)

int pup_event_create(void);
int pup_event_raise(int event);
int pup_event_drain(int event);

// MARK: signals.c

/// Blocks exactly these signals on this thread, and returns a descriptor that reports them.
int pup_signal_descriptor(const int *signals, int count);
typedef struct { int signal; int code; pid_t sender; } pup_signal_info;
/// 1 if a signal was read, 0 if there is none.
int pup_signal_read(int descriptor, pup_signal_info *info);
bool pup_signal_is_ignored(int signal);
int pup_signal_block_all(void);
int pup_signal_unblock_all(void);

// MARK: processes.c (pidfd_* and waitid's P_PIDFD have no importable wrapper; prctl is variadic)

typedef struct {
  pid_t pid;
  int code;    // CLD_EXITED, CLD_KILLED or CLD_DUMPED
  int status;  // exit code or signal
  int64_t user_us, system_us, max_rss_kb;
} pup_child_status;
int pup_pidfd_open(pid_t pid);
int pup_pidfd_signal(int pidfd, int signal);
/// 1 if the child has ended (it remains a zombie if `keep`), 0 if it is still running.
int pup_wait_pidfd(int pidfd, bool keep, pup_child_status *status);
/// The same for any child; `status->pid` identifies it.
int pup_wait_any(bool keep, pup_child_status *status);
int pup_wait_pid(pid_t pid, bool keep, pup_child_status *status);
/// The exit status of a process reaped by another process (PIDFD_GET_INFO, Linux 6.15): 1 with `wait_status` set, 0 if it has not
/// been reaped yet, -errno (ENOTTY, EINVAL: not supported by the kernel).
int pup_pidfd_exit_info(int pidfd, int *wait_status);
int pup_set_subreaper(bool on);
int pup_set_name(const char *name);
int pup_thread_number(void);  // the calling thread, as /proc has it
int pup_run_when_idle(void);  // the calling thread: SCHED_IDLE
/// Sets the signal that this process receives when its parent ends.
int pup_set_parent_death_signal(int number);
/// Replaces this process with the program of an open descriptor.
int pup_exec_descriptor(int fd, char *_Nullable const *_Nonnull argv, char *_Nullable const *_Nonnull environment);

// MARK: files.c (open is variadic; the others stand beside it, so that every one reports -errno)

int pup_open(const char *path, int flags, mode_t mode);
int pup_openat(int directory, const char *path, int flags, mode_t mode);
/// Opened with O_PATH: for use as a starting point, not for reading. `directory` is ignored for an absolute path.
int pup_open_folder(int directory, const char *path, bool follow_link);
int64_t pup_readlinkat(int directory, const char *name, char *buffer, size_t capacity);
int pup_mkdirat(int directory, const char *name, mode_t mode);
int pup_unlinkat(int directory, const char *name, int flags);
int pup_renameat(int directory, const char *from, const char *to);
int pup_lock_exclusive(int fd);  // flock; never waits: -EWOULDBLOCK
int pup_allocate(int fd, int64_t length);  // posix_fallocate
int pup_reserve(int fd, int64_t offset, int64_t length);  // fallocate, FALLOC_FL_KEEP_SIZE
int pup_open_unnamed(const char *directory, int flags, mode_t mode);  // O_TMPFILE
int pup_give_name(int fd, const char *name);                          // linkat; -EEXIST if the name exists
/// Opens the pipe of `fd` again for reading and writing, through /proc/self/fd.
int pup_reopen_read_write(int fd);
/// Inode, device and size in one call; mode as st_mode.
typedef struct { uint64_t device, inode; int64_t size; uint32_t mode, owner; } pup_file_identity;
int pup_identity(int fd, pup_file_identity *identity);

// MARK: rights.c (setfsuid and setfsgid are not in the module map)

/// From now on, this thread (only) accesses and creates files with this user's rights. False, with nothing changed, if that is
/// not possible.
bool pup_take_file_rights(uid_t user, gid_t group);
/// Restores the thread's own rights.
void pup_return_file_rights(void);

// MARK: file_systems.c

bool pup_is_procfs(int fd);
bool pup_is_tmpfs(const char *path);
int64_t pup_file_system_bytes(const char *path);
int64_t pup_free_bytes(const char *path);  // available to unprivileged users

// MARK: descriptors.c (fcntl and ioctl are variadic; memfd_create needs _GNU_SOURCE)

int pup_set_cloexec(int fd, bool on);
int pup_duplicate(int fd, int at_least);  // close-on-exec
int pup_set_nonblocking(int fd, bool on);
int pup_bytes_readable(int fd);  // FIONREAD
bool pup_is_terminal(int fd);
int pup_memfd(const char *name);
/// Forbids further growing, shrinking, writing and sealing.
int pup_memfd_seal(int fd);

// MARK: pipes.c (pipe2, tee and splice need _GNU_SOURCE)

int pup_pipe(int *read_end, int *write_end, bool nonblocking);
int pup_set_packets(int fd);  // each write to this end of a pipe is read as a whole, by one read
int pup_pipe_capacity(int fd);
int pup_pipe_set_capacity(int fd, int bytes);
int64_t pup_tee(int from, int to, size_t count);            // SPLICE_F_NONBLOCK
int64_t pup_splice_discard(int from, int null, size_t count);  // SPLICE_F_NONBLOCK

// MARK: sockets.c (CMSG_* are macros)

int pup_seqpacket_pair(int *one, int *other);
/// Sends one packet with descriptors; never waits (-EAGAIN) and never raises SIGPIPE.
int64_t pup_send_packet(int socket, const void *bytes, size_t count, const int *_Nullable fds, int fd_count);
typedef struct { int64_t length; int fd_count; } pup_packet;
/// Receives one packet; never waits. `length` 0 means end of file, a
/// negative one is -errno. Received descriptors are close-on-exec; those beyond `fd_capacity` are closed.
pup_packet pup_receive_packet(int socket, void *buffer, size_t capacity, int *fds, int fd_capacity);
/// sd_notify: one datagram to a path or abstract ("@…") address.
int pup_send_datagram(const char *address, const void *bytes, size_t count);
// accept4, which is not imported: close-on-exec and non-blocking.
int pup_accept(int listener);
// SO_PEERCRED: who connected to a unix socket.
int pup_peer_credentials(int socket, int *pid, uint32_t *uid);

// MARK: mappings.c: mapped files that are truncated

/// Touching a mapped page that its file no longer has raises SIGBUS, which kills the process. From now on, such a page of this
/// mapping is replaced with zeroed private memory, and the process continues. False if there are too many mappings.
bool pup_guard_mapping(void *address, size_t length);
void pup_unguard_mapping(void *address);
/// How many pages have been replaced this way.
int pup_replaced_pages(void);

// MARK: inotify.c

int pup_inotify_create(void);
int pup_inotify_add(int inotify, const char *path, uint32_t mask);
int pup_inotify_remove(int inotify, int watch);

// MARK: limits.c

int pup_open_file_limits(uint64_t *soft, uint64_t *hard);
int pup_set_open_file_limits(uint64_t soft, uint64_t hard);

// MARK: memory.c (glibc's own header is not in the module map)

/// Returns free memory in all of the allocator's arenas to the kernel.
void pup_trim_heap(void);
/// Drops the pages of a mapping, which are read from its file again when touched. Only for mappings that were never written to.
int pup_forget_pages(uint64_t start, uint64_t count);

// MARK: random.c

int pup_random(void *bytes, size_t count);

// MARK: errors.c

/// The message for an errno, in static storage.
const char *pup_error_text(int error);

#pragma clang assume_nonnull end
