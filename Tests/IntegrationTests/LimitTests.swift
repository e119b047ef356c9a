internal import Glibc
internal import PupCore
internal import Testing

extension Integration {
  /// Many programs, few descriptors.
  @Suite struct LimitTests {
    private func configuration(_ count: Int) -> String {
      """
      { terminateTimeout: 10, logger: { console: false }, processes: [
        { id: 'many', autostart: true, restart: 'error', restartLimit: 0, cluster: { instances: \(count) }, cmd: 'sleep 1000' } ] }
      """
    }

    @Test(.timeLimit(.minutes(5))) func tooFewDescriptorsAreExplained() throws {
      try Pup.test(configuration(60)) { pup in
        try pup.run(prefix: ["sh", "-c", "ulimit -n 128; exec \"$@\"", "sh"])
        #expect(pup.complaints.contains("60 processes need about"))
        // Which ones it hits is up to chance: a program that has just begun to execute gives descriptors back.
        let statuses = try pup.wait(for: "an end of the starts") { _ -> [Status]? in
          guard let all = try? pup.statuses(), all.count == 60 else { return nil }
          return all.allSatisfy { $0.state == "running" || $0.state == "exhausted" } ? all : nil
        }
        for status in statuses where status.state == "exhausted" {
          // Pup's own log has it where the log of the process could not be opened either.
          let line = try pup.wait(for: "why \(status.id) did not start") { _ in
            pup.lines(category: .errored).first { $0.hasPrefix("\(status.id): ") }
              ?? pup.lines(of: status.id, category: .errored).first
          }
          #expect(
            line.contains("could not be started") && line.contains("Too many open files") && line.contains("128")
              && line.contains("ulimit -Hn"), "\(line)")
        }
        let running = statuses.count { $0.state == "running" }
        #expect(running < 60)
        #expect(running >= 8, "\(running) run")
        try pup.stop()
      }
    }

    @Test(.timeLimit(.minutes(6))) func manyProcesses() throws {
      let count = getenv("PUP_TEST_MANY").flatMap { Int(String(cString: $0)) } ?? 1000
      try Pup.test(configuration(count)) { pup in
        let watch = Stopwatch()
        try pup.run()
        try pup.reach("all", "running", seconds: 60)
        print("\(count) programs run after \(watch.milliseconds.rounded()) ms")
        let keeper = try pup.keeperPid()
        let (descriptors, brains) = (Files.names(in: "/proc/\(keeper)/fd").count, Files.names(in: "/proc/\(pup.brain)/fd").count)
        #expect(descriptors <= count * 6 + 64, "the keeper has \(descriptors) descriptors")
        #expect(brains <= count * 6 + 64, "the brain has \(brains) descriptors")
        let pids = Set(try pup.statuses(seconds: 20).map(\.pid))
        #expect(pids.count == count)
        let absence = Stopwatch()
        Processes.kill(pup.brain)
        try pup.awaitBrain()
        try pup.awaitSupervision(seconds: 30)
        print("brain of \(count) programs back after \(absence.milliseconds.rounded()) ms")
        #expect(Set(try pup.statuses(seconds: 20).map(\.pid)) == pids)
        try pup.stop(seconds: 60)
      }
    }
  }
}
