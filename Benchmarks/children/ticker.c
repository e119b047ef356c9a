// ticker CELLS RATE COUNT: waits until cell 0 is set, then writes COUNT lines "NUMBER NANOSECONDS", RATE a second, one write each; cell 1 counts them.
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>

#include "shared.h"

int main(int argc, char **argv) {
  if (argc != 4) return 64;
  size_t cells_count;
  _Atomic int64_t *cells = map_cells(argv[1], &cells_count);
  int64_t rate = strtoll(argv[2], NULL, 10), count = strtoll(argv[3], NULL, 10);
  if (cells_count < 2 || rate < 1) return 64;
  struct timespec pause = {0, 1000000};
  while (!atomic_load(&cells[0])) nanosleep(&pause, NULL);
  // Against a plan, so that lateness does not add up.
  int64_t start = now();
  for (int64_t number = 1; number <= count; number++) {
    int64_t due = start + number * (1000000000 / rate);
    struct timespec moment = {due / 1000000000, due % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &moment, NULL) == EINTR) {
    }
    char line[64];
    int length = snprintf(line, sizeof line, "%lld %lld\n", (long long)number, (long long)now());
    if (write(1, line, (size_t)length) != length) return 1;
    atomic_store(&cells[1], number);
  }
  for (;;) sleep(1000);
}
