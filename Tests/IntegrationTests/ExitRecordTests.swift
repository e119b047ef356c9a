internal import CLinux
internal import Glibc
internal import PupSystem
internal import PupTestSupport
internal import Testing

extension Integration {
  /// What the keeper tells of a run's end.
  @Suite struct ExitRecordTests {
    private static let key = EntryKey(slot: 3, generation: 7)

    @Test(.timeLimit(.minutes(5)), arguments: Machine.usesCgroups ? [true, false] : [false])
    func tellsCodeTimeAndUsage(cgroups: Bool) throws {
      try KeeperBench.test(cgroups: cgroups) { bench in
        let before = pup_clock_now(PUP_CLOCK_REALTIME) / 1000
        let (_, initPid) = try bench.start([Machine.child, "--allocate", "60", "--exit", "3"], Self.key, cgroup: "one.7")
        #expect(initPid > 0 || cgroups)
        let record = try bench.exit(of: Self.key)
        #expect(record.kind == .exited && record.value == 3)
        #expect(record.isUsageKnown)
        #expect(record.maxResidentKilobytes >= 60 << 10)
        #expect(record.userMicroseconds + record.systemMicroseconds > 0)
        #expect((before...pup_clock_now(PUP_CLOCK_REALTIME) / 1000).contains(record.wallTime))
        #expect(!record.ranOutOfMemory)
        try bench.end()
      }
    }

    /// The program then becomes the keeper's own child.
    @Test(.timeLimit(.minutes(5))) func usageIsKnownWithoutItsInit() throws {
      try KeeperBench.test(cgroups: false) { bench in
        let words = [Machine.child, "--allocate", "40", "--on-term", "0", "--on-term-code", "5", "--prompt", "ready", "--hold"]
        let (pid, initPid) = try bench.start(words, Self.key, cgroup: "one.7")
        try awaitOutput(bench)
        Processes.kill(initPid)
        #expect(Processes.waitForEnd(initPid, seconds: 5))
        Processes.kill(pid, SIGTERM)
        let record = try bench.exit(of: Self.key)
        #expect(record.kind == .exited && record.value == 5)
        #expect(record.maxResidentKilobytes >= 40 << 10)
        try bench.end()
      }
    }

    /// A keeper that is killed while it reads takes a whole report with it, never a part of one.
    @Test(.timeLimit(.minutes(5))) func whatItsInitReportsIsOnePacketEach() throws {
      try KeeperBench.test(cgroups: false) { bench in
        let (pid, initPid) = try bench.start([Machine.child, "--hold"], Self.key, cgroup: "one.7")
        let line = try #require(Files.lines("/proc/\(initPid)/fdinfo/4").first { $0.hasPrefix("flags:") })
        let flags = try #require(Int32(line.split(whereSeparator: \.isWhitespace).last ?? "", radix: 8))
        #expect(flags & Self.packetFlag != 0, "\(line)")
        Processes.kill(pid)
        #expect(try bench.exit(of: Self.key).kind == .signaled)
        try bench.end()
      }
    }

    /// O_DIRECT, which Glibc hides from Swift, and which has another number on each architecture.
    private static let packetFlag: Int32 = {
      var (output, input): (Int32, Int32) = (-1, -1)
      guard pup_pipe(&output, &input, false) >= 0 else { return 0 }
      defer { for end in [output, input] { close(end) } }
      let plain = fcntl(input, F_GETFL)
      guard pup_set_packets(input) >= 0 else { return 0 }
      return fcntl(input, F_GETFL) ^ plain
    }()

    private func awaitOutput(_ bench: KeeperBench) throws {
      guard let output = bench.streams[Self.key]?.first else { throw Failure("no stream") }
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 20_000) == 1 else { throw Failure("no output") }
    }
  }
}
