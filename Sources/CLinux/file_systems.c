#include "CLinux.h"

#include <errno.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

bool pup_is_procfs(int fd) {
  struct statfs info;
  return fstatfs(fd, &info) == 0 && info.f_type == 0x9fa0;  // PROC_SUPER_MAGIC
}

bool pup_is_tmpfs(const char *path) {
  struct statfs info;
  return statfs(path, &info) == 0 && info.f_type == 0x01021994;
}

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
