internal import Testing

/// What needs a kernel of its own: a wall clock to set, a process 1, cgroups.
@Suite(
  .enabled("needs User-Mode-Linux (apt-get install user-mode-linux) and the right to trace processes") {
    await UserModeLinux.boots()
  })
enum KernelTests {}
