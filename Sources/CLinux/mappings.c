#include "CLinux.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

enum { PUP_GUARDS = 64 };
static struct { _Atomic uintptr_t start; _Atomic size_t length; } pup_guards[PUP_GUARDS];
static atomic_int pup_replaced;
static struct sigaction pup_bus_before;
static pthread_once_t pup_bus_once = PTHREAD_ONCE_INIT;

// Runs on the thread that touched the page, in the middle of any instruction, so it may only use system calls.
static void pup_bus(int number, siginfo_t *info, void *context) {
  (void)number;
  (void)context;
  int before = errno;
  uintptr_t address = (uintptr_t)info->si_addr;
  for (int index = 0; index < PUP_GUARDS; index++) {
    uintptr_t start = atomic_load(&pup_guards[index].start);
    if (start == 0 || address < start || address - start >= atomic_load(&pup_guards[index].length)) continue;
    uintptr_t size = 4096, page = address & ~(size - 1);
    void *made = mmap((void *)page, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    if (made == MAP_FAILED) break;
    atomic_fetch_add(&pup_replaced, 1);
    errno = before;
    return;
  }
  // Not ours: the previous handler sees the same fault again.
  sigaction(SIGBUS, &pup_bus_before, NULL);
}

static void pup_bus_install(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = pup_bus;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(SIGBUS, &action, &pup_bus_before);
}

bool pup_guard_mapping(void *address, size_t length) {
  pthread_once(&pup_bus_once, pup_bus_install);
  for (int index = 0; index < PUP_GUARDS; index++) {
    uintptr_t free = 0;
    if (!atomic_compare_exchange_strong(&pup_guards[index].start, &free, (uintptr_t)address)) continue;
    atomic_store(&pup_guards[index].length, length);
    return true;
  }
  return false;
}

void pup_unguard_mapping(void *address) {
  for (int index = 0; index < PUP_GUARDS; index++) {
    uintptr_t start = (uintptr_t)address;
    if (atomic_load(&pup_guards[index].start) != start) continue;
    atomic_store(&pup_guards[index].length, 0);
    atomic_store(&pup_guards[index].start, 0);
    return;
  }
}

int pup_replaced_pages(void) { return atomic_load(&pup_replaced); }
