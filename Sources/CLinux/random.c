#include "CLinux.h"

#include <errno.h>
#include <sys/random.h>

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
