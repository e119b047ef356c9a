#include "CSpawn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(pup_spawn_header) == PUP_SPAWN_SHORTEST_HEADER, "a field of a later version is read only where header_size covers it");

// A string is good when a NUL stands somewhere between its start and the end of the specification.
static const char *string_at(const char *base, size_t size, uint32_t at) {
  if (at < PUP_SPAWN_SHORTEST_HEADER || at >= size) return NULL;
  return memchr(base + at, 0, size - at) ? base + at : NULL;
}

static char **strings_at(const char *base, size_t size, uint32_t at, uint32_t count) {
  if (count > size / sizeof(uint32_t) || at > size || (size - at) / sizeof(uint32_t) < count) return NULL;
  char **list = calloc((size_t)count + 1, sizeof *list);
  if (!list) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t offset;
    memcpy(&offset, base + at + i * sizeof offset, sizeof offset);
    list[i] = (char *)string_at(base, size, offset);
    if (!list[i]) {
      free(list);
      return NULL;
    }
  }
  return list;
}

int pup_plan_parse(const void *base, size_t length, pup_spawn_plan *plan) {
  memset(plan, 0, sizeof *plan);
  if (length < PUP_SPAWN_SHORTEST_HEADER) return -EINVAL;
  pup_spawn_header *header = &plan->header;
  memcpy(header, base, PUP_SPAWN_SHORTEST_HEADER);
  if (header->magic != PUP_SPAWN_MAGIC || header->needed == 0 || header->needed > header->version || header->size > length ||
      header->header_size < PUP_SPAWN_SHORTEST_HEADER || header->header_size > header->size || header->argv_count == 0) {
    return -EINVAL;
  }
  if (header->needed > PUP_SPAWN_VERSION) return -EPROTONOSUPPORT;
  if (header->flags & PUP_SPAWN_FLAGS_TO_UNDERSTAND & ~(uint32_t)PUP_SPAWN_KNOWN_FLAGS) return -EPROTONOSUPPORT;
  memcpy(header, base, header->header_size < sizeof *header ? header->header_size : sizeof *header);
  size_t size = header->size;
  const char *cgroup = string_at(base, size, header->cgroup_at);
  const char *executable = string_at(base, size, header->executable_at);
  const char *cwd = string_at(base, size, header->cwd_at);
  if (!cgroup || !executable || !cwd) return -EINVAL;
  plan->cgroup = cgroup;
  plan->executable = executable;
  plan->cwd = cwd;
  plan->argv = strings_at(base, size, header->argv_at, header->argv_count);
  plan->env = strings_at(base, size, header->env_at, header->env_count);
  if (!plan->argv || !plan->env) {
    pup_plan_free(plan);
    return -EINVAL;
  }
  return 0;
}

void pup_plan_free(pup_spawn_plan *plan) {
  free(plan->argv);
  free(plan->env);
  plan->argv = NULL;
  plan->env = NULL;
}
