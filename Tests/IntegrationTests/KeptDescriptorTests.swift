internal import Glibc
internal import PupCore
internal import PupSystem
internal import Testing

extension Integration {
  /// A socket that a brain has handed to the keeper is there for every brain that follows.
  @Suite struct KeptDescriptorTests {
    private static let configuration = """
      { processes: [ { id: 'one', autostart: true, cmd: '\(Machine.child) --append one.runs run --hold' } ] }
      """

    @Test(.timeLimit(.minutes(5))) func outlivesBrains() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try awaitStarts(1, pup)
        let keeper = try pup.keeperPid()
        try pup.tell("keep", "web")
        let kept = try pup.tell("keep", "api")
        #expect(kept.hasPrefix("api=") && kept.contains(" web="))
        try replaceBrain(pup)
        #expect(try pup.tell("kept") == kept)
        // The keeper replaces itself by exec …
        Processes.kill(keeper, SIGUSR1)
        #expect(try pup.tell("restart", "one") == "accepted")
        try awaitStarts(2, pup)
        let words = (Files.bytes("/proc/\(keeper)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        #expect(words.contains("--resume"))
        try replaceBrain(pup)
        #expect(try pup.tell("kept") == kept)
        // … and a brain that has proved itself beside the old one gets them too.
        let old = pup.brain
        Processes.kill(keeper, SIGUSR2)
        try pup.awaitBrain()
        #expect(Processes.waitForEnd(old, seconds: 5))
        try pup.awaitSupervision()
        #expect(try pup.tell("kept") == kept)
        // No program has one of them.
        try pup.reach("one", "running")
        #expect(sockets(of: try pup.pid("one")).isDisjoint(with: inodes(kept)))
        #expect(sockets(of: keeper).isSuperset(of: inodes(kept)))
        #expect(try pup.tell("drop", "web") == kept.split(separator: " ").first.map(String.init))
        try replaceBrain(pup)
        #expect(try pup.tell("kept") == kept.split(separator: " ").first.map(String.init))
        #expect(!sockets(of: keeper).isSuperset(of: inodes(kept)))
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(5))) func outlivesTheKeeper() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        try awaitStarts(1, pup)
        let keeper = try pup.keeperPid()
        let kept = try pup.tell("keep", "web")
        try pup.killKeeper()
        try pup.wait(for: .keeper, naming: "pid \(keeper)")
        // What the new keeper is asked for is asked after it has been given the sockets.
        #expect(try pup.tell("restart", "one") == "accepted")
        try awaitStarts(2, pup)
        try replaceBrain(pup)
        #expect(try pup.tell("kept") == kept)
        try pup.stopKeeper()
      }
    }

    @Test(.timeLimit(.minutes(5))) func replacesOneOfTheSameNameAndIsBounded() throws {
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        let first = try pup.tell("keep", "web")
        let second = try pup.tell("keep", "web")
        #expect(first != second)
        try replaceBrain(pup)
        #expect(try pup.tell("kept") == second)
        #expect(sockets(of: try pup.keeperPid()).isDisjoint(with: inodes(first)))
        // Two places are taken by the interface's own sockets.
        let free = BrainMessage.keptLimit - 2
        for number in 1..<free { try pup.tell("keep", "s\(number)") }
        #expect(try pup.tell("keep", "more") == "refused")
        try replaceBrain(pup)
        #expect(inodes(try pup.tell("kept")).count == free)
        try pup.stop()
      }
    }

    // MARK: -

    /// Each start is the keeper's work, and writes a line.
    private func awaitStarts(_ count: Int, _ pup: Pup) throws {
      try Files.wait(pup.folder, for: "start \(count)") { Files.lines(pup.path("one.runs")).count == count }
    }

    private func replaceBrain(_ pup: Pup) throws {
      Processes.kill(pup.brain)
      try pup.awaitBrain()
      try pup.awaitSupervision()
    }

    private func inodes(_ kept: String) -> Set<String> {
      Set(kept.split(separator: " ").compactMap { $0.split(separator: "=").last.map(String.init) })
    }

    private func sockets(of pid: Int32) -> Set<String> {
      Set(
        Files.names(in: "/proc/\(pid)/fd").compactMap { name in
          guard let target = Processes.target(ofLink: "/proc/\(pid)/fd/\(name)"), target.hasPrefix("socket:[") else { return nil }
          return String(target.dropFirst(8).dropLast())
        })
    }
  }
}
