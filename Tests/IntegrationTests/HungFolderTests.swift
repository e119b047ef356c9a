internal import Glibc
internal import PupAPI
internal import Testing

extension Integration {
  /// A folder whose file system answers nothing, as one of the network does whose server is gone.
  @Suite struct HungFolderTests {
    private static let configuration = """
      { processes: [
        { id: 'web', autostart: true, cmd: '\(Machine.child) --hold' },
        { id: 'there', cwd: 'mount', cmd: 'true' },
        { id: 'from', cmd: 'mount/program' },
        { id: 'pid', cmd: '\(Machine.child) --hold', pidFile: 'mount/pid' } ] }
      """

    /// A FUSE file system that never answers; it is gone with the program.
    private static let script = """
      import ctypes, os, signal, sys
      signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
      libc = ctypes.CDLL(None, use_errno=True)
      fd = os.open("/dev/fuse", os.O_RDWR)
      options = f"fd={fd},rootmode=40000,user_id=0,group_id=0".encode()
      assert libc.mount(b"hung", sys.argv[1].encode(), b"fuse", 0, options) == 0, os.strerror(ctypes.get_errno())
      os.mkdir("mounted")
      signal.sigwait([signal.SIGTERM])
      libc.umount2(sys.argv[1].encode(), 2)  # MNT_DETACH
      """

    private static let isPossible = getuid() == 0 && access("/dev/fuse", R_OK | W_OK) == 0 && Machine.hasProgram("python3")

    @Test(
      .timeLimit(.minutes(5)), .enabled(if: isPossible, "needs root, /dev/fuse and python3"),
      arguments: ["there", "from", "pid"])
    func theOthersAreLookedAfter(_ hung: String) throws {
      try Pup.test(Self.configuration) { pup in
        try Files.makeFolder(pup.path("mount"))
        try pup.run()
        try pup.reach("web", "running")
        let mount = try pup.background(program: ["python3", "-c", Self.script, pup.path("mount")])
        try Files.wait(pup.folder, for: "the mount") { Files.exists(pup.path("mounted")) }
        #expect(try pup.act("start", hung).outcome == "accepted")
        for _ in 1...3 { #expect(try pup.act("restart", "web", wait: 20).outcome == "done") }
        #expect(try pup.information("web")["status"] == 200)
        #expect(try pup.call("GET", "/healthz").status == 200)
        mount.signal(SIGTERM)
        #expect(mount.wait(seconds: 5) == .exited(0))
        // What waited for it comes back, with an error or without.
        #expect(try pup.act("stop", hung, wait: 20).status == 200)
        try pup.stop()
      }
    }
  }
}
