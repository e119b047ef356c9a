// mark CELLS INDEX: says in three cells that it runs: when it began, its pid, and when SIGTERM ended it. It obeys at once.
#include <signal.h>
#include <stdatomic.h>

#include "shared.h"

static _Atomic int64_t *ended;

static void finish(int signal) {
  (void)signal;
  atomic_store(ended, now());
  _exit(0);
}

int main(int argc, char **argv) {
  int64_t start = now();
  if (argc != 3) return 64;
  size_t index = strtoul(argv[2], NULL, 10), count;
  _Atomic int64_t *cells = map_cells(argv[1], &count);
  if (3 * index + 2 >= count) return 64;
  ended = &cells[3 * index + 2];
  signal(SIGTERM, finish);
  atomic_store(&cells[3 * index + 1], getpid());
  atomic_store(&cells[3 * index], start);
  for (;;) pause();
}
