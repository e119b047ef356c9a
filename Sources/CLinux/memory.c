#include "CLinux.h"

#include <errno.h>
#include <malloc.h>
#include <sys/mman.h>

void pup_trim_heap(void) { malloc_trim(0); }

int pup_forget_pages(uint64_t start, uint64_t count) {
  return madvise((void *)(uintptr_t)start, (size_t)count, MADV_DONTNEED) == 0 ? 0 : -errno;
}
