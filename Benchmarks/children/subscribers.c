// subscribers SOCKET COUNT EVENTS SECONDS <TOKEN: COUNT clients of GET /events on a unix socket, which read what ticker writes. Says "ready" when all of
// them are connected, and at the end in one line: clients that got every one of EVENTS lines in order, lines that any of them missed, and the time from
// write to arrival in microseconds: median, p99, longest.
// memmem
#define _GNU_SOURCE
#include <errno.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "shared.h"

enum { KEPT = 256, CHUNK = 256 << 10, SLOTS = 100000, SLOT_US = 100 };

struct client {
  int socket;
  bool ready;
  bool ended;
  int64_t last;    // number of the newest line
  int64_t missed;
  size_t kept;     // bytes of an event that is not whole yet
  char rest[KEPT];
};

static int64_t histogram[SLOTS + 1];
static int64_t samples, longest;

static void arrived(struct client *client, int64_t number, int64_t written, int64_t moment) {
  if (number != client->last + 1) client->missed += number - client->last - 1;
  client->last = number;
  int64_t took = (moment - written) / 1000;
  if (took > longest) longest = took;
  int64_t slot = took / SLOT_US;
  histogram[slot < 0 ? 0 : slot > SLOTS ? SLOTS : slot]++;
  samples++;
}

// The text of a line: "text":"NUMBER NANOSECONDS".
static void scan(struct client *client, char *bytes, size_t count, int64_t moment) {
  static const char mark[] = "\"text\":\"";
  char *at = bytes, *end = bytes + count;
  if (!client->ready && memmem(at, count, "event: stream", 13)) client->ready = true;
  char *whole = end;
  while (whole > bytes && whole[-1] != '\n') whole--;
  while (at < whole) {
    char *found = memmem(at, (size_t)(whole - at), mark, sizeof mark - 1);
    if (!found) break;
    char *next;
    int64_t number = strtoll(found + sizeof mark - 1, &next, 10);
    int64_t written = strtoll(next, &next, 10);
    if (*next == '"' && number > 0) arrived(client, number, written, moment);
    at = next;
  }
  size_t left = (size_t)(end - whole);
  if (left > KEPT) left = KEPT;
  memcpy(client->rest, end - left, left);
  client->kept = left;
}

static int connect_to(const char *path, const char *token) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(path) >= sizeof address.sun_path) return -1;
  strcpy(address.sun_path, path);
  int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0 || connect(socket_, (struct sockaddr *)&address, sizeof address)) return -1;
  char request[8192];
  int length = snprintf(
    request, sizeof request, "GET /events?types=log HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n", token);
  return write(socket_, request, (size_t)length) == length ? socket_ : -1;
}

static int64_t percentile(double part) {
  int64_t wanted = (int64_t)((double)samples * part), seen = 0;
  for (size_t slot = 0; slot <= SLOTS; slot++) {
    seen += histogram[slot];
    if (seen >= wanted) return (int64_t)(slot + 1) * SLOT_US;
  }
  return longest;
}

int main(int argc, char **argv) {
  char token[4096];
  if (argc != 5 || !fgets(token, sizeof token, stdin)) return 64;
  token[strcspn(token, "\r\n")] = 0;
  size_t count = strtoul(argv[2], NULL, 10);
  int64_t events = strtoll(argv[3], NULL, 10), deadline = now() + strtoll(argv[4], NULL, 10) * 1000000000;
  struct client *clients = calloc(count, sizeof *clients);
  char *chunk = malloc(CHUNK + KEPT);
  int epoll = epoll_create1(EPOLL_CLOEXEC);
  if (!clients || !chunk || epoll < 0) return 71;
  for (size_t index = 0; index < count; index++) {
    clients[index].socket = connect_to(argv[1], token);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = index};
    if (clients[index].socket < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, clients[index].socket, &event)) {
      perror("connect");
      return 69;
    }
  }
  size_t ready = 0, done = 0;
  bool told = false;
  while (done < count && now() < deadline) {
    struct epoll_event list[256];
    int found = epoll_wait(epoll, list, 256, 1000);
    for (int index = 0; index < found; index++) {
      struct client *client = &clients[list[index].data.u64];
      bool was_ready = client->ready, was_done = client->last >= events || client->ended;
      memcpy(chunk, client->rest, client->kept);
      ssize_t got = read(client->socket, chunk + client->kept, CHUNK);
      if (got > 0) {
        scan(client, chunk, client->kept + (size_t)got, now());
      } else if (got == 0 || errno != EINTR) {
        client->ended = true;
        epoll_ctl(epoll, EPOLL_CTL_DEL, client->socket, NULL);
      }
      if (!was_ready && client->ready) ready++;
      if (!was_done && (client->last >= events || client->ended)) done++;
    }
    if (!told && ready == count) {
      told = true;
      puts("ready");
      fflush(stdout);
    }
  }
  size_t complete = 0;
  int64_t missed = 0;
  for (size_t index = 0; index < count; index++) {
    int64_t lost = clients[index].missed + events - clients[index].last;
    missed += lost;
    if (lost == 0) complete++;
  }
  printf(
    "%zu %lld %lld %lld %lld\n", complete, (long long)missed, (long long)percentile(0.5), (long long)percentile(0.99),
    (long long)longest);
  return 0;
}
