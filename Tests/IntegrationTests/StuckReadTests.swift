internal import Testing

extension Integration {
  /// The thread that reads /proc does not come back from it.
  @Suite struct StuckReadTests {
    private static let configuration = """
      { processes: [ { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' } ] }
      """

    /// Stops one thread of the supervisor, as a read does that waits for a lock of the kernel, and asks for listings meanwhile.
    private static let script = """
      import ctypes, http.client, json, os, signal, sys, time
      supervisor, port, token = int(sys.argv[1]), int(open(sys.argv[2]).read()), sys.argv[3]
      libc = ctypes.CDLL(None, use_errno=True)
      libc.ptrace.argtypes = [ctypes.c_ulong, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_void_p]
      def get(path):
          c = http.client.HTTPConnection("127.0.0.1", port, timeout=8)
          c.request("GET", path, headers={"Authorization": "Bearer " + token})
          answer = c.getresponse()
          return answer.status, answer.read()
      assert get("/processes")[0] == 200
      names = {t: open(f"/proc/{supervisor}/task/{t}/comm").read().strip() for t in os.listdir(f"/proc/{supervisor}/task")}
      thread = int(next(t for t, name in names.items() if name == "pup-sampler"))
      assert libc.ptrace(0x4206, thread, None, None) == 0  # PTRACE_SEIZE
      assert libc.ptrace(0x4207, thread, None, None) == 0  # PTRACE_INTERRUPT
      os.waitpid(thread, 0x40000000)  # __WALL
      measured = time.monotonic()
      while time.monotonic() - measured < 1.1:  # Measurements are fresh for a second.
          status, _ = get("/healthz")
      for path in ["/processes", "/state", "/metrics", "/processes/web"] * 2:
          status, body = get(path)
          assert status == 200, (path, status)
          if path == "/processes":
              assert json.loads(body)["data"][0]["status"]["resources"]["memory"] > 0
          if path == "/state":
              assert json.loads(body)["data"]["systemMemory"]["total"] > 0
      assert libc.ptrace(17, thread, None, None) == 0  # PTRACE_DETACH
      """

    @Test(.timeLimit(.minutes(5))) func listingsAnswerWithTheLastMeasurement() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try pup.reach("web", "running")
        let words = ["python3", "-c", Self.script, "\(pup.brain)", "\(pup.temporary)/.main.port", try pup.token()]
        #expect(try pup.program(words, seconds: 20) == 0)
        // It goes on where it was.
        #expect(try pup.call("GET", "/processes").status == 200)
        try pup.stop()
      }
    }
  }
}
