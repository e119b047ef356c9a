#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <sys/epoll.h>

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
