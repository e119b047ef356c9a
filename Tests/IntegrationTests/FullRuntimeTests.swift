internal import Glibc
internal import PupCore
internal import PupSystem
internal import Testing

extension Integration {
  /// Where the shared files should be there is no room left.
  @Suite struct FullRuntimeTests {
    private static let configuration = """
      { terminateTimeout: 3, processes: [ { id: 'one', autostart: true, cmd: 'exec sleep 1000' } ] }
      """

    @Test(
      .enabled(if: Machine.isRoot && Machine.hasProgram("unshare"), "needs root, to mount a small tmpfs"),
      .timeLimit(.minutes(5)),
      arguments: ["64k", "4k"])
    func theTemporaryFolderIsTaken(size: String) throws {
      try Pup.test(Self.configuration) { pup in
        // In a mount namespace of its own; what is mounted goes with it.
        let script = """
          mkdir -p /run/pup && mount -t tmpfs -o size=\(size),mode=755 none /run/pup && mount -t tmpfs -o size=\(size),mode=1777 none /dev/shm \
          && exec "$@"
          """
        try pup.run(prefix: ["unshare", "-m", "sh", "-c", script, "sh"])
        try pup.reach("one", "running")
        #expect(Files.lines("\(pup.temporary)/.main.keep").first == "\(pup.temporary)/.main.run")
        // A supervisor that takes over finds all that it needs.
        let pid = try pup.pid("one")
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.wait(for: .takeover)
        #expect(try pup.pid("one") == pid)
        try pup.stop()
      }
    }
  }
}
