#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <sys/resource.h>

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
