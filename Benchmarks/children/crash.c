// crash CELLS LIFE_US: lives for LIFE_US, then kills itself. Cell 0 counts the instances, cell 1 holds the pid; instance i leaves the moment at which it
// began in cell 2 + 2i, and the one right before its death in the next. When the cells are used up it stays.
#include <signal.h>
#include <stdatomic.h>

#include "shared.h"

int main(int argc, char **argv) {
  int64_t start = now();
  if (argc != 3) return 64;
  long life = strtol(argv[2], NULL, 10);
  size_t count;
  _Atomic int64_t *cells = map_cells(argv[1], &count);
  size_t instance = (size_t)atomic_fetch_add(&cells[0], 1);
  atomic_store(&cells[1], getpid());
  if (2 + 2 * instance + 1 >= count) {
    for (;;) pause();
  }
  atomic_store(&cells[2 + 2 * instance], start);
  struct timespec time = {life / 1000000, life % 1000000 * 1000};
  nanosleep(&time, NULL);
  atomic_store(&cells[2 + 2 * instance + 1], now());
  kill(getpid(), SIGKILL);
}
