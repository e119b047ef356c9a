#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

int pup_event_create(void) { return result(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)); }

int pup_event_raise(int event) {
  uint64_t one = 1;
  return write(event, &one, sizeof one) < 0 && errno != EAGAIN ? -errno : 0;
}

int pup_event_drain(int event) {
  uint64_t count;
  return read(event, &count, sizeof count) < 0 && errno != EAGAIN ? -errno : 0;
}
