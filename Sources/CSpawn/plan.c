#include "CSpawn.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(pup_spawn_header) == 16 && sizeof(pup_spawn_section) == 12 && sizeof(pup_spawn_limit) == 24, "no padding");
_Static_assert(sizeof(pup_spawn_run) == PUP_SPAWN_SHORTEST_RUN, "a field of a later version is read only where the section covers it");

// The known sections; `at` is NULL for one that is absent.
typedef struct { const char *at; size_t length; } section;
enum { KNOWN_SECTIONS = PUP_SECTION_DESCRIPTORS + 1 };

static int read_table(const char *base, size_t length, section sections[KNOWN_SECTIONS]) {
  pup_spawn_header header;
  if (length < sizeof header) return -EINVAL;
  memcpy(&header, base, sizeof header);
  if (header.magic != PUP_SPAWN_MAGIC || header.needed == 0 || header.needed > header.version || header.size > length ||
      header.header_size < sizeof header || header.header_size > header.size ||
      header.section_count > (header.size - header.header_size) / sizeof(pup_spawn_section)) {
    return -EINVAL;
  }
  if (header.needed > PUP_SPAWN_VERSION) return -EPROTONOSUPPORT;
  for (uint32_t i = 0; i < header.section_count; i++) {
    pup_spawn_section entry;
    memcpy(&entry, base + header.header_size + i * sizeof entry, sizeof entry);
    if (entry.at > header.size || entry.length > header.size - entry.at) return -EINVAL;
    if (entry.type == 0 || entry.type >= KNOWN_SECTIONS) {
      if (entry.flags & PUP_SECTION_REQUIRED) return -EPROTONOSUPPORT;
      continue;
    }
    if (sections[entry.type].at) return -EINVAL;
    sections[entry.type] = (section){base + entry.at, entry.length};
  }
  return 0;
}

// The one text of a section.
static const char *text_of(section texts) {
  return texts.length > 0 && memchr(texts.at, 0, texts.length) == texts.at + texts.length - 1 ? texts.at : NULL;
}

static char **texts_of(section texts, uint32_t *count) {
  if (texts.length > 0 && texts.at[texts.length - 1] != 0) return NULL;
  size_t found = 0;
  for (size_t i = 0; i < texts.length; i++) found += texts.at[i] == 0;
  if (found > INT32_MAX) return NULL;
  char **list = calloc(found + 1, sizeof *list);
  if (!list) return NULL;
  const char *next = texts.at;
  for (size_t i = 0; i < found; i++) {
    list[i] = (char *)next;
    next += strlen(next) + 1;
  }
  *count = (uint32_t)found;
  return list;
}

// A copy of a section that is an array.
static void *array_of(section array, size_t size, uint32_t *count) {
  if (array.length % size != 0 || array.length / size > UINT32_MAX) return NULL;
  void *copy = malloc(array.length > 0 ? array.length : 1);
  if (!copy) return NULL;
  if (array.length > 0) memcpy(copy, array.at, array.length);
  *count = (uint32_t)(array.length / size);
  return copy;
}

static bool are_usable(const uint32_t *numbers, uint32_t count) {
  if (count > PUP_SPAWN_MOST_DESCRIPTORS) return false;
  for (uint32_t i = 0; i < count; i++) {
    if (numbers[i] < 3 || numbers[i] > PUP_SPAWN_HIGHEST_DESCRIPTOR) return false;
    for (uint32_t earlier = 0; earlier < i; earlier++) {
      if (numbers[earlier] == numbers[i]) return false;
    }
  }
  return true;
}

int pup_plan_parse(const void *base, size_t length, pup_spawn_plan *plan) {
  memset(plan, 0, sizeof *plan);
  section sections[KNOWN_SECTIONS] = {{NULL, 0}};
  int error = read_table(base, length, sections);
  if (error < 0) return error;
  section run = sections[PUP_SECTION_RUN];
  if (run.length < PUP_SPAWN_SHORTEST_RUN) return -EINVAL;
  memcpy(&plan->run, run.at, run.length < sizeof plan->run ? run.length : sizeof plan->run);
  if (plan->run.flags & PUP_SPAWN_FLAGS_TO_UNDERSTAND & ~(uint32_t)PUP_SPAWN_KNOWN_FLAGS) return -EPROTONOSUPPORT;
  plan->cgroup = text_of(sections[PUP_SECTION_CGROUP]);
  plan->executable = text_of(sections[PUP_SECTION_EXECUTABLE]);
  plan->cwd = text_of(sections[PUP_SECTION_DIRECTORY]);
  if (!plan->cgroup || !plan->executable || !plan->cwd) return -EINVAL;
  plan->argv = texts_of(sections[PUP_SECTION_ARGUMENTS], &plan->argv_count);
  plan->env = texts_of(sections[PUP_SECTION_ENVIRONMENT], &plan->env_count);
  plan->limits = array_of(sections[PUP_SECTION_LIMITS], sizeof *plan->limits, &plan->limit_count);
  plan->descriptors = array_of(sections[PUP_SECTION_DESCRIPTORS], sizeof *plan->descriptors, &plan->descriptor_count);
  if (!plan->argv || plan->argv_count == 0 || !plan->env || !plan->limits || !plan->descriptors ||
      !are_usable(plan->descriptors, plan->descriptor_count)) {
    pup_plan_free(plan);
    return -EINVAL;
  }
  return 0;
}

void pup_plan_free(pup_spawn_plan *plan) {
  free(plan->argv);
  free(plan->env);
  free(plan->limits);
  free(plan->descriptors);
  plan->argv = plan->env = NULL;
  plan->limits = NULL;
  plan->descriptors = NULL;
}
