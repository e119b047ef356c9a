#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

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
