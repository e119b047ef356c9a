#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int pup_pipe(int *read_end, int *write_end, bool nonblocking) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | (nonblocking ? O_NONBLOCK : 0)) < 0) return -errno;
  *read_end = ends[0];
  *write_end = ends[1];
  return 0;
}

int pup_set_packets(int fd) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -errno;
  return result(fcntl(fd, F_SETFL, flags | O_DIRECT));
}

int pup_pipe_capacity(int fd) { return result(fcntl(fd, F_GETPIPE_SZ)); }
int pup_pipe_set_capacity(int fd, int bytes) { return result(fcntl(fd, F_SETPIPE_SZ, bytes)); }

int64_t pup_tee(int from, int to, size_t count) {
  ssize_t copied = tee(from, to, count, SPLICE_F_NONBLOCK);
  return copied < 0 ? -errno : copied;
}

int64_t pup_splice_discard(int from, int null, size_t count) {
  ssize_t moved = splice(from, NULL, null, NULL, count, SPLICE_F_NONBLOCK | SPLICE_F_MOVE);
  return moved < 0 ? -errno : moved;
}
