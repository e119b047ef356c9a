// What the measured programs and the driver share: a file of 64-bit cells, mapped by all of them.
#pragma once

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

// The moment at which a program runs is taken before anything else. Nanoseconds of CLOCK_MONOTONIC, as Python's time.monotonic_ns().
static inline int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static inline _Atomic int64_t *map_cells(const char *path, size_t *count) {
  int file = open(path, O_RDWR | O_CLOEXEC);
  struct stat status;
  if (file < 0 || fstat(file, &status)) {
    perror(path);
    exit(2);
  }
  void *memory = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) {
    perror("mmap");
    exit(2);
  }
  close(file);
  if (count) *count = (size_t)status.st_size / sizeof(int64_t);
  return memory;
}
