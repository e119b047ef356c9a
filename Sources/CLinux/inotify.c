#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <sys/inotify.h>

int pup_inotify_create(void) { return result(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)); }
int pup_inotify_add(int inotify, const char *path, uint32_t mask) { return result(inotify_add_watch(inotify, path, mask)); }
int pup_inotify_remove(int inotify, int watch) { return result(inotify_rm_watch(inotify, watch)); }
