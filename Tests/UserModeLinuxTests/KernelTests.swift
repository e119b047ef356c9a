internal import Testing

/// What needs a kernel of its own: a wall clock to set, a process 1, cgroups. One at a time, since each boots a machine.
@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled("needs User-Mode-Linux (apt-get install user-mode-linux) and the right to trace processes") {
    await UserModeLinux.boots()
  })
enum KernelTests {}
