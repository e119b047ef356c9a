// What every file of this target answers with: see CLinux.h.
#pragma once

#include <errno.h>

/// The value of a call, or -errno if it failed.
static inline int result(int value) { return value < 0 ? -errno : value; }
