#include "CLinux.h"

#include <sys/fsuid.h>
#include <unistd.h>

bool pup_take_file_rights(uid_t user, gid_t group) {
  setfsgid(group);
  setfsuid(user);
  // Neither call reports whether it did anything; with an invalid id, it returns the current one.
  if ((uid_t)setfsuid((uid_t)-1) == user && (gid_t)setfsgid((gid_t)-1) == group) return true;
  pup_return_file_rights();
  return false;
}

void pup_return_file_rights(void) {
  setfsuid(geteuid());
  setfsgid(getegid());
}
