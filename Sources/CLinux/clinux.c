#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
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

static int result(int value) { return value < 0 ? -errno : value; }

int pup_epoll_create(void) { return result(epoll_create1(EPOLL_CLOEXEC)); }

static int epoll_change(int epoll, int operation, int fd, uint32_t events, uint64_t data) {
  struct epoll_event event = {.events = events, .data.u64 = data};
  return result(epoll_ctl(epoll, operation, fd, &event));
}
int pup_epoll_add(int epoll, int fd, uint32_t events, uint64_t data) {
  return epoll_change(epoll, EPOLL_CTL_ADD, fd, events, data);
}
int pup_epoll_modify(int epoll, int fd, uint32_t events, uint64_t data) {
  return epoll_change(epoll, EPOLL_CTL_MOD, fd, events, data);
}
int pup_epoll_remove(int epoll, int fd) { return epoll_change(epoll, EPOLL_CTL_DEL, fd, 0, 0); }

int pup_epoll_wait(int epoll, pup_epoll_event *events, int capacity, int timeout_ms) {
  struct epoll_event raw[64];
  if (capacity > 64) capacity = 64;
  int count = epoll_wait(epoll, raw, capacity, timeout_ms);
  if (count < 0) return errno == EINTR ? 0 : -errno;
  for (int i = 0; i < count; i++) {
    events[i].events = raw[i].events;
    events[i].data = raw[i].data.u64;
  }
  return count;
}

int64_t pup_clock_now(pup_clock clock) {
  struct timespec now;
  clock_gettime((clockid_t)clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
int pup_timer_create(pup_clock clock) { return result(timerfd_create((clockid_t)clock, TFD_CLOEXEC | TFD_NONBLOCK)); }
int pup_timer_set(int timer, int64_t at_ns, bool cancel_on_set) {
  struct itimerspec spec = {.it_value = {.tv_sec = at_ns / 1000000000, .tv_nsec = at_ns % 1000000000}};
  return result(timerfd_settime(timer, TFD_TIMER_ABSTIME | (cancel_on_set ? TFD_TIMER_CANCEL_ON_SET : 0), &spec, NULL));
}
int64_t pup_timer_read(int timer) {
  uint64_t expirations = 0;
  if (read(timer, &expirations, sizeof expirations) < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
  return (int64_t)expirations;
}
int pup_event_create(void) { return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }
int pup_event_raise(int event) {
  uint64_t one = 1;
  return write(event, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}
int pup_event_drain(int event) {
  uint64_t count;
  return read(event, &count, sizeof count) < 0 && errno != EAGAIN ? -errno : 0;
}

int pup_signal_descriptor(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int error = pthread_sigmask(SIG_SETMASK, &set, NULL);
  if (error) return -error;
  return result(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}
int pup_signal_read(int descriptor, pup_signal_info *info) {
  struct signalfd_siginfo raw;
  ssize_t length = read(descriptor, &raw, sizeof raw);
  if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
  if (length != sizeof raw) return 0;
  info->signal = (int)raw.ssi_signo;
  info->code = raw.ssi_code;
  info->sender = (pid_t)raw.ssi_pid;
  return 1;
}
bool pup_signal_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}
int pup_signal_block_all(void) {
  sigset_t set;
  sigfillset(&set);
  return -pthread_sigmask(SIG_SETMASK, &set, NULL);
}
int pup_signal_unblock_all(void) {
  sigset_t set;
  sigemptyset(&set);
  return -pthread_sigmask(SIG_SETMASK, &set, NULL);
}
int pup_signal_reset_ignoring_pipe(void) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  for (int number = 1; number < 65; number++) {
    if (number == SIGKILL || number == SIGSTOP || number == 32 || number == 33) continue;
    sigaction(number, number == SIGPIPE ? &ignore : &standard, NULL);
  }
  return 0;
}

int pup_pidfd_open(pid_t pid) { return result((int)syscall(SYS_pidfd_open, pid, 0)); }
int pup_pidfd_signal(int pidfd, int signal) { return result((int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0)); }
int pup_pidfd_signal_group(int pidfd, int signal) {
  // PIDFD_SIGNAL_PROCESS_GROUP, Linux 6.9
  return result((int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 1u << 2));
}

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
int pup_set_dumpable(bool on) { return result(prctl(PR_SET_DUMPABLE, on ? 1 : 0, 0, 0, 0)); }
int pup_thread_number(void) { return gettid(); }
int pup_set_name(const char *name) { return result(prctl(PR_SET_NAME, name, 0, 0, 0)); }
int pup_run_when_idle(void) {
  int priority = 0;  // struct sched_param, which <linux/sched.h> keeps out
  return result((int)syscall(SYS_sched_setscheduler, 0, SCHED_IDLE, &priority));
}
int pup_set_parent_death_signal(int number) { return result(prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)); }
int pup_exec_descriptor(int fd, char *const *argv, char *const *environment) {
  syscall(SYS_execveat, fd, "", argv, environment, AT_EMPTY_PATH);
  return -errno;
}

int pup_open(const char *path, int flags, mode_t mode) { return result(open(path, flags | O_CLOEXEC, mode)); }
int pup_openat(int directory, const char *path, int flags, mode_t mode) {
  return result(openat(directory, path, flags | O_CLOEXEC, mode));
}
int pup_open_folder(int directory, const char *path, bool follow_link) {
  return result(openat(directory, path, O_PATH | O_DIRECTORY | O_CLOEXEC | (follow_link ? 0 : O_NOFOLLOW)));
}
int64_t pup_readlinkat(int directory, const char *name, char *buffer, size_t capacity) {
  ssize_t count = readlinkat(directory, name, buffer, capacity);
  return count < 0 ? -errno : count;
}
int pup_mkdirat(int directory, const char *name, mode_t mode) { return result(mkdirat(directory, name, mode)); }
int pup_unlinkat(int directory, const char *name, int flags) { return result(unlinkat(directory, name, flags)); }
int pup_renameat(int directory, const char *from, const char *to) { return result(renameat(directory, from, directory, to)); }
bool pup_take_file_rights(uid_t user, gid_t group) {
  setfsgid(group);
  setfsuid(user);
  // Neither call reports whether it did anything; with an invalid id, it returns the current one.
  if ((uid_t)setfsuid((uid_t)-1) == user && (gid_t)setfsgid((gid_t)-1) == group) return true;
  pup_return_file_rights();
  return false;
}
void pup_return_file_rights(void) {
  setfsuid(geteuid());
  setfsgid(getegid());
}
bool pup_is_procfs(int fd) {
  struct statfs info;
  return fstatfs(fd, &info) == 0 && info.f_type == 0x9fa0;  // PROC_SUPER_MAGIC
}
int pup_pipe(int *read_end, int *write_end, bool nonblocking) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0)) < 0) return -errno;
  *read_end = ends[0];
  *write_end = ends[1];
  return 0;
}
// A path for accessing an open file.
static const char *descriptor_path(int fd, char path[40]) {
  strcpy(path, "/proc/self/fd/");
  char digits[12];
  int length = 0, at = (int)strlen(path);
  do digits[length++] = (char)('0' + fd % 10); while ((fd /= 10) > 0);
  while (length > 0) path[at++] = digits[--length];
  path[at] = 0;
  return path;
}
int pup_reopen_read_write(int fd) {
  char path[40];
  return result(open(descriptor_path(fd, path), O_RDWR | O_CLOEXEC));
}
int pup_open_unnamed(const char *directory, int flags, mode_t mode) {
  return result(open(directory, flags | O_TMPFILE | O_CLOEXEC, mode));
}
int pup_give_name(int fd, const char *name) {
  char path[40];
  return result(linkat(AT_FDCWD, descriptor_path(fd, path), AT_FDCWD, name, AT_SYMLINK_FOLLOW));
}
int pup_memfd(const char *name) { return result(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)); }
int pup_memfd_seal(int fd) { return result(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)); }
int pup_set_cloexec(int fd, bool on) { return result(fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0)); }
int pup_duplicate(int fd, int at_least) { return result(fcntl(fd, F_DUPFD_CLOEXEC, at_least)); }
int pup_set_nonblocking(int fd, bool on) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  return result(fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}
int pup_set_packets(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  return result(fcntl(fd, F_SETFL, flags | O_DIRECT));
}
int pup_pipe_capacity(int fd) { return result(fcntl(fd, F_GETPIPE_SZ)); }
int pup_pipe_set_capacity(int fd, int bytes) { return result(fcntl(fd, F_SETPIPE_SZ, bytes)); }
int pup_bytes_readable(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) < 0 ? -errno : count;
}
int64_t pup_tee(int from, int to, size_t count) {
  ssize_t copied = tee(from, to, count, SPLICE_F_NONBLOCK);
  return copied < 0 ? -errno : copied;
}
int64_t pup_splice_discard(int from, int null, size_t count) {
  ssize_t moved = splice(from, NULL, null, NULL, count, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  return moved < 0 ? -errno : moved;
}
int pup_lock_exclusive(int fd) { return result(flock(fd, LOCK_EX | LOCK_NB)); }
int pup_allocate(int fd, int64_t length) { return -posix_fallocate(fd, 0, length); }
int pup_identity(int fd, pup_file_identity *identity) {
  struct stat info;
  if (fstat(fd, &info) < 0) return -errno;
  identity->device = info.st_dev;
  identity->inode = info.st_ino;
  identity->size = info.st_size;
  identity->mode = info.st_mode;
  identity->owner = info.st_uid;
  return 0;
}
bool pup_is_tmpfs(const char *path) {
  struct statfs info;
  return statfs(path, &info) == 0 && info.f_type == 0x01021994;
}
int pup_reserve(int fd, int64_t offset, int64_t length) {
  return result(fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length));
}
bool pup_is_terminal(int fd) { return isatty(fd) == 1; }
int64_t pup_file_system_bytes(const char *path) {
  struct statvfs info;
  if (statvfs(path, &info) < 0) return -errno;
  return (int64_t)info.f_blocks * (int64_t)info.f_frsize;
}
int64_t pup_free_bytes(const char *path) {
  struct statvfs info;
  if (statvfs(path, &info) < 0) return -errno;
  return (int64_t)info.f_bavail * (int64_t)info.f_frsize;
}

int pup_seqpacket_pair(int *one, int *other) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) return -errno;
  *one = pair[0];
  *other = pair[1];
  return 0;
}
enum { MOST_FDS = 253 };  // SCM_MAX_FD
int64_t pup_send_packet(int socket, const void *bytes, size_t count, const int *fds, int fd_count) {
  if (fd_count > MOST_FDS) return -E2BIG;
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  union { char bytes[CMSG_SPACE(sizeof(int) * MOST_FDS)]; struct cmsghdr align; } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (fd_count > 0) {
    memset(&control, 0, CMSG_SPACE(sizeof(int) * (size_t)fd_count));
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)fd_count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)fd_count);
    memcpy(CMSG_DATA(header), fds, sizeof(int) * (size_t)fd_count);
  }
  ssize_t sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}
pup_packet pup_receive_packet(int socket, void *buffer, size_t capacity, int *fds, int fd_capacity) {
  struct iovec part = {.iov_base = buffer, .iov_len = capacity};
  union { char bytes[CMSG_SPACE(sizeof(int) * MOST_FDS)]; struct cmsghdr align; } control;
  struct msghdr message = {
    .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  pup_packet packet = {0};
  ssize_t length;
  do length = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC); while (length < 0 && errno == EINTR);
  if (length < 0) {
    packet.length = -errno;
    return packet;
  }
  packet.length = length;
  packet.truncated = (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (int i = 0; i < count; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(header) + sizeof(int) * (size_t)i, sizeof fd);
      if (packet.fd_count < fd_capacity) {
        fds[packet.fd_count++] = fd;
      } else {
        close(fd);
        packet.truncated = true;
      }
    }
  }
  return packet;
}
int pup_accept(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  return fd < 0 ? -errno : fd;
}
int pup_peer_credentials(int socket, int *pid, uint32_t *uid) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -errno;
  *pid = peer.pid;
  *uid = peer.uid;
  return 0;
}
int pup_send_datagram(const char *address, const void *bytes, size_t count) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  size_t length = strlen(address);
  if (length == 0 || length >= sizeof name.sun_path) return -EINVAL;
  memcpy(name.sun_path, address, length);
  if (address[0] == '@') name.sun_path[0] = 0;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  ssize_t sent = sendto(fd, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&name,
                        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (address[0] == '@' ? 0 : 1)));
  int error = sent < 0 ? -errno : 0;
  close(fd);
  return error;
}

int pup_inotify_create(void) { return result(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)); }
int pup_inotify_add(int inotify, const char *path, uint32_t mask) { return result(inotify_add_watch(inotify, path, mask)); }
int pup_inotify_remove(int inotify, int watch) { return result(inotify_rm_watch(inotify, watch)); }

int pup_open_file_limits(uint64_t *soft, uint64_t *hard) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return -errno;
  *soft = limit.rlim_cur;
  *hard = limit.rlim_max;
  return 0;
}
int pup_set_open_file_limits(uint64_t soft, uint64_t hard) {
  struct rlimit limit = {.rlim_cur = soft, .rlim_max = hard};
  return result(setrlimit(RLIMIT_NOFILE, &limit));
}

int pup_random(void *bytes, size_t count) {
  char *at = bytes;
  while (count > 0) {
    ssize_t got = getrandom(at, count, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return -errno;
    }
    at += got;
    count -= (size_t)got;
  }
  return 0;
}
const char *pup_error_text(int error) {
  const char *text = strerrordesc_np(error);
  return text ? text : "Unknown error";
}

void pup_trim_heap(void) { malloc_trim(0); }

int pup_forget_pages(uint64_t start, uint64_t count) {
  return madvise((void *)(uintptr_t)start, (size_t)count, MADV_DONTNEED) == 0 ? 0 : -errno;
}

// MARK: mapped files that are truncated

enum { PUP_GUARDS = 64 };
static struct { _Atomic uintptr_t start; _Atomic size_t length; } pup_guards[PUP_GUARDS];
static atomic_int pup_replaced;
static struct sigaction pup_bus_before;
static pthread_once_t pup_bus_once = PTHREAD_ONCE_INIT;

// Runs on the thread that touched the page, in the middle of any instruction, so it may only use system calls.
static void pup_bus(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  int before = errno;
  uintptr_t address = (uintptr_t)info->si_addr;
  for (int index = 0; index < PUP_GUARDS; index++) {
    uintptr_t start = atomic_load(&pup_guards[index].start);
    if (start == 0 || address < start || address - start >= atomic_load(&pup_guards[index].length)) continue;
    uintptr_t size = 4096, page = address & ~(size - 1);
    void *made = mmap((void *)page, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (made == MAP_FAILED) break;
    atomic_fetch_add(&pup_replaced, 1);
    errno = before;
    return;
  }
  // Not ours: the previous handler sees the same fault again.
  sigaction(SIGBUS, &pup_bus_before, NULL);
}

static void pup_bus_install(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = pup_bus;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &pup_bus_before);
}

bool pup_guard_mapping(void *address, size_t length) {
  pthread_once(&pup_bus_once, pup_bus_install);
  for (int index = 0; index < PUP_GUARDS; index++) {
    uintptr_t free = 0;
    if (!atomic_compare_exchange_strong(&pup_guards[index].start, &free, (uintptr_t)address)) continue;
    atomic_store(&pup_guards[index].length, length);
    return true;
  }
  return false;
}

void pup_unguard_mapping(void *address) {
  for (int index = 0; index < PUP_GUARDS; index++) {
    uintptr_t start = (uintptr_t)address;
    if (atomic_load(&pup_guards[index].start) != start) continue;
    atomic_store(&pup_guards[index].length, 0);
    atomic_store(&pup_guards[index].start, 0);
    return;
  }
}

int pup_replaced_pages(void) { return atomic_load(&pup_replaced); }
