internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// What travels with a specification arrives under its numbers; what fails says what it was about.
  @Suite struct SpawnDescriptorTests {
    private static let key = EntryKey(slot: 3, generation: 7)

    /// Directly from the keeper, and by way of a pup-init.
    private static var kinds: [Bool] { Machine.usesCgroups ? [true, false] : [false] }

    /// The numbers are those that the keeper and pup-init use themselves for the start, and one far above.
    @Test(.timeLimit(.minutes(5)), arguments: kinds) func eachArrivesUnderItsNumberAndNoOtherDoes(cgroups: Bool) throws {
      try KeeperBench.test(cgroups: cgroups) { bench in
        let numbers: [UInt32] = [9, 8, 7, 6, 5, 4, 3, 20, 900]
        let pipes = try numbers.map { _ in try PipeEnds(isBlocking: true) }
        // dash knows numbers of one digit only.
        let script =
          "for n in 3 4 5 6 7 8 9 20 900; do echo $n >/proc/self/fd/$n; done; ls /proc/self/fd | sort -n | tr '\\n' ' ' >&9"
        try bench.requestStart(
          ["sh", "-c", script], Self.key, cgroup: "one.7", descriptors: pipes.map(\.write.number), numbers: numbers)
        guard case .spawned = try bench.outcome(of: Self.key) else { throw Failure("not started") }
        let record = try bench.exit(of: Self.key)
        #expect(record.kind == .exited && record.value == 0)
        // The end of file comes once the keeper has closed its copies as well.
        let texts = try pipes.map { pipe -> String in
          pipe.write.close()
          return try text(of: pipe.read)
        }
        #expect(texts.dropFirst() == numbers.dropFirst().map { "\($0)\n" }[...])
        // 10 is the folder that ls reads.
        #expect(texts[0] == "9\n0 1 2 3 4 5 6 7 8 9 10 20 900 ")
        try bench.end()
      }
    }

    /// Up to its end.
    private func text(of pipe: Descriptor) throws -> String {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 256)
      while true {
        let count = try check(read(pipe.number, &buffer, buffer.count), "read")
        guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
        bytes += buffer[..<count]
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: kinds) func oneThatIsMissingFailsTheStart(cgroups: Bool) throws {
      try KeeperBench.test(cgroups: cgroups) { bench in
        try bench.requestStart(["true"], Self.key, cgroup: "one.7", numbers: [5])
        #expect(try bench.outcome(of: Self.key) == .spawnFailed(Self.key, SpawnError(.descriptors, errno: EMFILE)))
        try bench.send(.forget(Self.key))
        try bench.end()
      }
    }

    /// A request that is repeated, and whose specification has met a full table, says nothing against what runs.
    @Test(.timeLimit(.minutes(5)), arguments: kinds) func aRepeatedRequestLeavesTheRunAlone(cgroups: Bool) throws {
      try KeeperBench.test(cgroups: cgroups) { bench in
        let words = [Machine.child, "--on-term", "0", "--on-term-code", "5", "--prompt", "ready", "--hold"]
        let (pid, _) = try bench.start(words, Self.key, cgroup: "one.7")
        try bench.awaitOutput(of: Self.key)
        try bench.send(.spawn(Self.key))
        guard case .spawned(_, pid, _, _, _) = try bench.outcome(of: Self.key) else { throw Failure("it failed") }
        try bench.send(.signal(Self.key, signal: SIGTERM, scope: 2))
        let record = try bench.exit(of: Self.key)
        #expect(record.kind == .exited && record.value == 5)
        try bench.end()
      }
    }

    @Test(.timeLimit(.minutes(5)), arguments: kinds) func aFailureSaysWhatItWasAbout(cgroups: Bool) throws {
      try KeeperBench.test(cgroups: cgroups) { bench in
        try bench.requestStart(["true"], Self.key, cgroup: "one.7", directory: "/nowhere/ä b")
        let error = SpawnError(stage: SpawnStage.chdir.rawValue, errno: ENOENT, subject: "/nowhere/ä b")
        #expect(try bench.outcome(of: Self.key) == .spawnFailed(Self.key, error))
        let next = EntryKey(slot: 3, generation: 8)
        let long = "/" + String(repeating: "long", count: 100)
        try bench.requestStart([long], next, cgroup: "one.8")
        guard case .spawnFailed(next, let other) = try bench.outcome(of: next) else { throw Failure("started") }
        #expect(
          other.stage == SpawnStage.exec.rawValue && other.errno == ENAMETOOLONG && other.subject == String(long.prefix(248)))
        try bench.send(.forget(Self.key))
        try bench.send(.forget(next))
        try bench.end()
      }
    }
  }
}
