#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

int pup_set_cloexec(int fd, bool on) { return result(fcntl(fd, F_SETFD, on ? FD_CLOEXEC : 0)); }
int pup_duplicate(int fd, int at_least) { return result(fcntl(fd, F_DUPFD_CLOEXEC, at_least)); }

int pup_set_nonblocking(int fd, bool on) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  return result(fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK));
}

int pup_bytes_readable(int fd) {
  int count = 0;
  return ioctl(fd, FIONREAD, &count) < 0 ? -errno : count;
}

bool pup_is_terminal(int fd) { return isatty(fd) == 1; }
int pup_memfd(const char *name) { return result(memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)); }
int pup_memfd_seal(int fd) { return result(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)); }
