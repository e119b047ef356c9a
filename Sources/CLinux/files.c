#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int pup_open(const char *path, int flags, mode_t mode) { return result(open(path, flags | O_CLOEXEC, mode)); }

int pup_openat(int directory, const char *path, int flags, mode_t mode) {
  return result(openat(directory, path, flags | O_CLOEXEC, mode));
}

int pup_open_folder(int directory, const char *path, bool follow_link) {
  return result(openat(directory, path, O_PATH | O_DIRECTORY | O_CLOEXEC | (follow_link ? 0 : O_NOFOLLOW)));
}

int64_t pup_readlinkat(int directory, const char *name, char *buffer, size_t capacity) {
  ssize_t count = readlinkat(directory, name, buffer, capacity);
  return count < 0 ? -errno : count;
}

int pup_mkdirat(int directory, const char *name, mode_t mode) { return result(mkdirat(directory, name, mode)); }
int pup_unlinkat(int directory, const char *name, int flags) { return result(unlinkat(directory, name, flags)); }
int pup_renameat(int directory, const char *from, const char *to) { return result(renameat(directory, from, directory, to)); }
int pup_lock_exclusive(int fd) { return result(flock(fd, LOCK_EX | LOCK_NB)); }
int pup_allocate(int fd, int64_t length) { return -posix_fallocate(fd, 0, length); }

int pup_reserve(int fd, int64_t offset, int64_t length) {
  return result(fallocate(fd, FALLOC_FL_KEEP_SIZE, offset, length));
}

int pup_open_unnamed(const char *directory, int flags, mode_t mode) {
  return result(open(directory, flags | O_TMPFILE | O_CLOEXEC, mode));
}

// A path for accessing an open file.
static const char *descriptor_path(int fd, char path[40]) {
  strcpy(path, "/proc/self/fd/");
  char digits[12];
  int length = 0, at = (int)strlen(path);
  do digits[length++] = (char)('0' + fd % 10); while ((fd /= 10) > 0);
  while (length > 0) path[at++] = digits[--length];
  path[at] = 0;
  return path;
}

int pup_give_name(int fd, const char *name) {
  char path[40];
  return result(linkat(AT_FDCWD, descriptor_path(fd, path), AT_FDCWD, name, AT_SYMLINK_FOLLOW));
}

int pup_reopen_read_write(int fd) {
  char path[40];
  return result(open(descriptor_path(fd, path), O_RDWR | O_CLOEXEC));
}

int pup_identity(int fd, pup_file_identity *identity) {
  struct stat info;
  if (fstat(fd, &info) < 0) return -errno;
  identity->device = info.st_dev;
  identity->inode = info.st_ino;
  identity->size = info.st_size;
  identity->mode = info.st_mode;
  identity->owner = info.st_uid;
  return 0;
}
