// flood CELLS INDEX LINES BLOCK: writes numbered lines of 100 bytes to standard output, BLOCK bytes with each write (100 = one line each). Three cells: when it
// began, when the last write was done, and its pid. Then it waits for the end.
#include <signal.h>
#include <stdatomic.h>

#include "shared.h"

enum { LINE = 100 };

static void put(const char *bytes, size_t length) {
  while (length) {
    ssize_t written = write(STDOUT_FILENO, bytes, length);
    if (written < 0) {
      perror("write");
      exit(2);
    }
    bytes += written;
    length -= (size_t)written;
  }
}

// "0000001234 " and then letters: cheap enough that the writer is not what is measured.
static void number(char *line, unsigned long value) {
  for (int place = 9; place >= 0; place--, value /= 10) line[place] = (char)('0' + value % 10);
}

int main(int argc, char **argv) {
  int64_t start = now();
  if (argc != 5) return 64;
  size_t index = strtoul(argv[2], NULL, 10), block = strtoul(argv[4], NULL, 10), count;
  unsigned long lines = strtoul(argv[3], NULL, 10);
  _Atomic int64_t *cells = map_cells(argv[1], &count);
  if (3 * index + 2 >= count || block < LINE) return 64;
  atomic_store(&cells[3 * index + 2], getpid());

  // Whole lines in a buffer; what is written ends anywhere, as with any program that writes blocks.
  size_t capacity = (block / LINE + 2) * LINE;
  char *buffer = malloc(capacity);
  if (!buffer) return 2;
  atomic_store(&cells[3 * index], start);
  size_t held = 0;
  for (unsigned long line = 0; line < lines;) {
    while (held < block && line < lines) {
      memset(buffer + held, 'x', LINE);
      number(buffer + held, line++);
      buffer[held + 10] = ' ';
      buffer[held + LINE - 1] = '\n';
      held += LINE;
    }
    size_t part = held < block ? held : block;
    put(buffer, part);
    memmove(buffer, buffer + part, held - part);
    held -= part;
  }
  put(buffer, held);
  atomic_store(&cells[3 * index + 1], now());
  if (getenv("FLOOD_EXIT")) return 0;
  signal(SIGTERM, SIG_DFL);
  for (;;) pause();
}
