internal import Glibc
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// A brain that asks and does not listen.
  @Suite struct LogSocketTests {
    private static let key = EntryKey(slot: 3, generation: 7)

    @Test(.timeLimit(.minutes(5))) func answersWaitWithoutWork() throws {
      try KeeperBench.test(cgroups: false) { bench in
        _ = try bench.start([Machine.child, "--prompt", "ready", "--hold"], Self.key, cgroup: "one.7")
        let stream = Self.key.stream(.standardOutput)
        try bench.consumeUntilFull(stream, upTo: 5)
        // Who looks at the requests again and again never sleeps.
        #expect(try sleeps(bench.pid))
        _ = try bench.answers(upTo: 5)
        try requestLast(stream, bench)
        #expect(try bench.answers(upTo: 6) > 1)
      }
    }

    /// More than there is, so that its answer is unlike all others.
    private func requestLast(_ stream: UInt64, _ bench: KeeperBench) throws {
      let deadline = Deadline(seconds: 5)
      while true {
        do {
          return try bench.consume(stream, upTo: 6)
        } catch  where !deadline.hasPassed {
          _ = try bench.answers(upTo: 5)
        }
      }
    }

    private func sleeps(_ pid: Int32) throws -> Bool {
      let deadline = Deadline(seconds: 5)
      while !deadline.hasPassed {
        guard let text = Files.text("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else {
          throw Failure("\(pid) is gone")
        }
        if text[end...].dropFirst(2).first == "S" { return true }
        sched_yield()
      }
      return false
    }
  }
}
