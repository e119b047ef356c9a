#include "driver.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *, size_t));

#define ENTRY(name) \
  int fuzz_##name##_main(int argc, char **argv) { return LLVMFuzzerRunDriver(&argc, &argv, LLVMFuzzerTestOneInput); }

ENTRY(config)
ENTRY(cron)
ENTRY(zone)
ENTRY(protocol)
ENTRY(plan)
ENTRY(logs)
ENTRY(request)
ENTRY(framing)
ENTRY(json)
ENTRY(token)
ENTRY(events)
