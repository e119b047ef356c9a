internal import Glibc
internal import PupTestSupport
internal import Testing

extension Integration {
  /// `kill -9` of the brain at random instants, under load.
  @Suite struct CrashSafetyTests {
    /// What a flooding program is told, beyond `--both --forever`.
    private static let floods: [(id: String, flags: String, logger: String)] = [
      ("lines-1", "", ""), ("lines-2", "--bytes 100", ""), ("lines-3", "--on-term 0", ""),
      ("chunks-1", "--chunk 777", ""), ("chunks-2", "--chunk 65536 --on-term 0", ""),
      ("chunks-3", "--chunk 5000 --bytes 300", ""),
      ("packets-1", "--packets --bytes 200", ""), ("packets-2", "--packets --chunk 1000", ""),
      ("filed-1", "", "stdout: 'filed-1.out', stderr: 'filed-1.err', "), ("filed-2", "--bytes 120", "stdout: 'filed-2.both', "),
    ]
    private static let crashers = 3

    private static var configuration: String {
      let flooding = floods.map { flood in
        """
        { id: '\(flood.id)', autostart: true, logger: { \(flood.logger)console: false, decorate: false },
          cmd: '\(Machine.child) --both --forever --count-file \(flood.id).count \(flood.flags)' },
        """
      }
      let crashing = (1...crashers).map { number in
        """
        { id: 'crasher-\(number)', autostart: true, restartDelayMs: \(10 * number), logger: { console: false },
          cmd: '\(Machine.child) --append crasher-\(number).runs run --after \(7 * number) --exit \(number)' },
        """
      }
      return """
        { terminateTimeout: 5, logger: { maxBytes: 17179869184, totalMaxBytes: 171798691840 }, processes: [
        \(flooding.joined())\(crashing.joined()) ] }
        """
    }

    @Test(.timeLimit(.minutes(10))) func killsAtRandomInstants() throws {
      let kills = getenv("PUP_TEST_KILLS").flatMap { Int(String(cString: $0)) } ?? 25
      try Pup.test(Self.configuration) { pup in
        try pup.run()
        for flood in Self.floods { try pup.reach(flood.id, "running") }
        let before = try floodPids(pup)
        var absences: [Double] = []
        var restarts: [String: Int] = [:]
        for round in 0..<kills {
          let brain = pup.brain
          if round == kills / 3 { try pup.configure("{ processes: [ { id: 'other', cmd: 'false', autostart: true } ] }") }
          if round == kills / 2 { try pup.configure("{ broken") }
          pause(milliseconds: Int32.random(in: 0...150))
          let watch = Stopwatch()
          Processes.kill(brain)
          guard Processes.waitForEnd(brain, seconds: 5) else { throw Failure("the brain \(brain) does not die") }
          try pup.awaitBrain()
          // A few are killed before they have taken over; more of those would look like a supervisor that cannot start.
          if round % 8 == 7, round < 32 { continue }
          try pup.awaitSupervision()
          absences.append(watch.milliseconds)
          for status in try pup.statuses() {
            if let known = restarts[status.id], status.restarts < known {
              throw Failure("after kill \(round) \(status.id) has \(status.restarts) restarts, it had \(known)")
            }
            restarts[status.id] = status.restarts
          }
        }
        try pup.awaitSupervision()
        #expect(try floodPids(pup) == before, "a program died with its supervisor")
        try checkCrashers(pup)
        try pup.stop(seconds: 60)
        for flood in Self.floods { try check(flood.id, pup) }
        tell(absences)
      }
    }

    /// Random moments are what this is about; nothing is awaited.
    private func pause(milliseconds: Int32) { poll(nil, 0, milliseconds) }

    private func floodPids(_ pup: Pup) throws -> [String: Int32] {
      var pids: [String: Int32] = [:]
      for status in try pup.statuses() where !status.id.hasPrefix("crasher") { pids[status.id] = status.pid }
      for (id, pid) in pids where !Processes.isAlive(pid) { throw Failure("\(id) (pid \(pid)) is not alive") }
      #expect(pids.count == Self.floods.count)
      return pids
    }

    /// Each run of a program that ends by itself was seen to end, with its code, and was counted.
    private func checkCrashers(_ pup: Pup) throws {
      for number in 1...Self.crashers {
        let id = "crasher-\(number)"
        #expect(try pup.tell("block", id).hasPrefix("accepted"))
        try pup.reach(id, "failed")
        let status = try pup.status(id)
        let runs = Files.lines(pup.path("\(id).runs")).count
        #expect(runs > 5, "\(id) has hardly run")
        #expect(status.restarts == runs - 1, "\(id): \(runs) runs")
        #expect(status.exit == "\(number)", "\(id)")
        #expect(status.state == "failed", "\(id): \(status)")
      }
    }

    private func check(_ id: String, _ pup: Pup) throws {
      let written = try Written(pup.path("\(id).count"))
      var store = LineCheck(id: id)
      store.read(store: "\(pup.data)/logs/\(id)")
      var results = [("store", "out", store.out, written.out), ("store", "err", store.err, written.err)]
      if id == "filed-1" {
        var file = LineCheck(id: id)
        file.read(file: pup.path("filed-1.out"))
        file.read(file: pup.path("filed-1.err"))
        results += [("file", "out", file.out, written.out), ("file", "err", file.err, written.err)]
      } else if id == "filed-2" {
        var file = LineCheck(id: id)
        file.read(file: pup.path("filed-2.both"))
        results += [("file", "out", file.out, written.out), ("file", "err", file.err, written.err)]
      }
      for (place, stream, result, range) in results {
        #expect(result.problems.isEmpty, "\(id) \(stream) in the \(place)")
        #expect(range.contains(result.lines), "\(id) \(stream) in the \(place): \(result.lines) lines of \(range)")
        #expect(result.lines > 100, "\(id) \(stream) hardly wrote")
      }
    }

    private func tell(_ absences: [Double]) {
      let sorted = absences.sorted()
      guard let longest = sorted.last else { return }
      print(
        "brain back after kill -9, ms: median \(sorted[sorted.count / 2].rounded()), longest \(longest.rounded()), n \(sorted.count)"
      )
    }
  }
}
