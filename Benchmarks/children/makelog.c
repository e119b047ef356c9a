// makelog FOLDER BYTES START_US STEP_US: a log store's folder of one process, with segments of 16 MiB, as the store writes them: one line of 100 bytes every
// STEP_US, the last one right before START_US + …. Prints the first and the last time in microseconds.
#include "shared.h"

enum { SEGMENT = 16 << 20 };

static char stamp[32], name[32];

static void render(int64_t time) {
  static int64_t known = -1;
  int64_t second = time / 1000000, rest = time % 1000000;
  if (second != known) {
    struct tm parts;
    time_t whole = second;
    gmtime_r(&whole, &parts);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S.", &parts);
    strftime(name, sizeof name, "%Y%m%dT%H%M%S.", &parts);
    known = second;
  }
  for (int place = 25; place >= 20; place--, rest /= 10) stamp[place] = (char)('0' + rest % 10);
  memcpy(name + 16, stamp + 20, 6);
  strcpy(stamp + 26, "Z");
  strcpy(name + 22, "Z");
}

int main(int argc, char **argv) {
  if (argc != 5) return 64;
  int64_t bytes = atoll(argv[2]), time = atoll(argv[3]), step = atoll(argv[4]), first = time, written = 0;
  char text[101], path[4096];
  memset(text, 'x', 100);
  text[99] = '\n';
  text[100] = 0;
  for (int segment = 1; written < bytes; segment++) {
    render(time);
    snprintf(path, sizeof path, "%s/%08d-%s.log", argv[1], segment, name);
    FILE *file = fopen(path, "w");
    if (!file) {
      perror(path);
      return 2;
    }
    int64_t length = 0;
    while (length < SEGMENT - 200 && written + length < bytes) {
      render(time);
      length += fprintf(file, "%s log stdout %s", stamp, text);
      time += step;
    }
    if (fclose(file)) {
      perror(path);
      return 2;
    }
    written += length;
  }
  printf("%lld %lld\n", (long long)first, (long long)(time - step));
}
