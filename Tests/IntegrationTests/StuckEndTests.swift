internal import Glibc
internal import Testing

extension Integration {
  /// What Pup still does at its end does not come back.
  @Suite struct StuckEndTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    /// Stops one thread of the supervisor, as a disk does that hangs, until the supervisor ends.
    private static let script = """
      import ctypes, os, sys
      supervisor, wanted = int(sys.argv[1]), sys.argv[2]
      libc = ctypes.CDLL(None, use_errno=True)
      libc.ptrace.argtypes = [ctypes.c_ulong, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_void_p]
      names = {t: open(f"/proc/{supervisor}/task/{t}/comm").read().strip() for t in os.listdir(f"/proc/{supervisor}/task")}
      thread = int(next(t for t, name in names.items() if name == wanted))
      assert libc.ptrace(0x4206, thread, None, None) == 0  # PTRACE_SEIZE
      assert libc.ptrace(0x4207, thread, None, None) == 0  # PTRACE_INTERRUPT
      os.waitpid(thread, 0x40000000)  # __WALL
      os.mkdir("stopped")
      try:
          while not os.WIFSIGNALED(os.waitpid(thread, 0x40000000)[1]): pass
      except ChildProcessError: pass
      """

    @Test(.timeLimit(.minutes(5)), .enabled(if: Tracer.isPossible, "ptrace stops the thread"))
    func theInterfaceIsCutAndThatIsReported() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let tracer = try pup.background(program: ["python3", "-c", Self.script, "\(pup.brain)", "pup-web"])
        try Files.wait(pup.folder, for: "the thread to stop") { Files.exists(pup.path("stopped")) }
        try pup.stop(seconds: 20)
        #expect(pup.complaints.contains("closing the interface and the database did not end within 5 s"), "\(pup.complaints)")
        _ = tracer.wait(seconds: 5)
      }
    }
  }
}
