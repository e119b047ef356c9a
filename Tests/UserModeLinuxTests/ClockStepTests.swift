internal import Testing

extension KernelTests {
  /// The wall clock is set while things wait: what is measured in seconds goes by the boot clock, what is planned for a time of
  /// day comes once, and the log stays in order.
  @Suite struct ClockStepTests {
    /// How late something may be on a busy machine, in seconds. A mistake about the clock would be an hour.
    private static let slack = 3.0

    @Test func setBackOneHour() async throws {
      let script = """
        at=$(($(date +%s) + 7))
        \(Self.configuration)
        pup run >out 2>&1 &
        pup=$!
        wait_for 20 marked fixed
        sleep 1
        step -3600
        mark behind
        sleep 7
        mark forward
        # Two seconds before what was there already.
        step 3592
        sleep 9
        \(Self.stop(step: -3600))
        # The part of the hour that was lived through between the two steps.
        start=$(date -u -d "@$(($(awk '/^behind/ { print $3 }' marks) - 60))" +%FT%TZ)
        end=$(date -u -d "@$(($(awk '/^forward/ { print $3 }' marks) + 60))" +%FT%TZ)
        pup logs --id delayed --start "$start" --end "$end" --json | grep '"stdout"' >range || fail "pup logs: $?"
        \(Self.readLogs)
        """
      try await Guest.run(script) { report in
        try Self.expectElapsedTimes(report)
        let (behind, forward) = (try report.mark("behind"), try report.mark("forward"))

        // A time that comes again is not a second time.
        #expect(report.marks("fixed").count == 1, "\(report.summary)")
        Self.expectEachSlotOnce(report)
        #expect(report.marks("ticker").contains { $0.uptime > forward.uptime }, "it goes on with the times that are new")

        for process in ["core", "delayed"] {
          let segments = report.segments(of: process)
          #expect(segments.count >= 2, "\(process): \(segments.map(\.name))")
          let falls = zip(segments, segments.dropFirst()).count { ($1.stamps.first ?? "~") < ($0.stamps.last ?? "") }
          // During the stop nothing of `delayed` is logged any more.
          #expect(process == "core" ? (1...2).contains(falls) : falls == 1, "\(process): \(segments.map(\.name))")
        }
        let inRange = report.marks("delayed").count { (behind.wall - 60...forward.wall + 60).contains($0.wall) }
        #expect(inRange > 0)
        #expect(report.lines("range").count == inRange, "\(report.text("range"))\n\(report.summary)")
      }
    }

    @Test func setForwardOneHour() async throws {
      let script = """
        at=$(($(date +%s) + 40))
        \(Self.configuration)
        pup run >out 2>&1 &
        pup=$!
        wait_for 20 marked delayed 2
        # Not so that what is made up for and what is due anyway fall together.
        now=$(date +%s)
        step $((3600 + 2 - now % 5))
        mark after
        sleep 11
        \(Self.stop(step: 3600))
        \(Self.readLogs)
        """
      try await Guest.run(script) { report in
        try Self.expectElapsedTimes(report)
        let after = try report.mark("after")

        // What was skipped is made up for, once and at once.
        let fixed = try report.mark("fixed")
        #expect((-0.5...Self.slack).contains(fixed.uptime - after.uptime), "\(report.summary)")
        Self.expectEachSlotOnce(report)
        let ticks = report.marks("ticker").filter { $0.uptime >= after.uptime - 0.5 }
        // 11 s and the stop: at most three of its times, and one for all that were skipped.
        #expect((3...5).contains(ticks.count), "\(report.summary)")

        for process in ["core", "delayed"] { #expect(report.segments(of: process).count == 1) }
      }
    }

    // MARK: Scripts

    private static let configuration = """
      cat >pup.json <<END
      {
        terminateTimeout: 4,
        processes: [
          { id: "ticker", cmd: "mark ticker", cron: "*/5 * * * * *" },
          { id: "fixed", cmd: "mark fixed", cron: "$(date -u -d "@$at" '+%-S %-M %-H * * *')", cronTimezone: "UTC" },
          { id: "delayed", cmd: "mark delayed", autostart: true, restartDelayMs: 4000 },
          {
            id: "stubborn", cmd: "trap '' TERM; mark stubborn; exec testchild --hold", autostart: true,
            restartDelayMs: 0, timeout: 2,
          },
          { id: "holdout", cmd: "trap '' TERM; exec testchild --hold", autostart: true },
        ],
      }
      END
      """

    /// Stops Pup, and sets the clock meanwhile.
    private static func stop(step: Int) -> String {
      """
      mark stop
      kill -TERM $pup
      sleep 1
      step \(step)
      wait $pup
      echo $? >code
      mark stopped
      """
    }

    private static let readLogs = """
      pup logs --id ticker -n 5000 | grep ':stdout]' >ticker.log || fail "pup logs: $?"
      pup logs --id delayed -n 5000 | grep ':stdout]' >delayed.log || fail "pup logs: $?"
      """

    // MARK: Expectations

    private static func expectElapsedTimes(_ report: GuestReport) throws {
      #expect(report.text("code") == "0\n", "\(report.summary)")
      let stop = try report.mark("stopped").uptime - report.mark("stop").uptime
      #expect((3.9...4 + slack).contains(stop), "terminateTimeout is 4 s, the stop took \(stop)\n\(report.summary)")
      expectGaps(report, "delayed", 4, "restartDelayMs")
      expectGaps(report, "stubborn", 6, "timeout and terminateTimeout")
      for process in ["core", "ticker", "fixed", "delayed", "stubborn"] {
        let segments = report.segments(of: process)
        #expect(!segments.isEmpty, "\(process)")
        for segment in segments {
          #expect(segment.stamps.count(where: { $0.count == 27 && $0.hasSuffix("Z") }) == segment.stamps.count, "\(segment)")
          #expect(segment.stamps == segment.stamps.sorted(), "\(process), \(segment.name): a time falls")
        }
      }
      for process in ["ticker", "delayed"] {
        #expect(report.lines("\(process).log").count == report.marks(process).count, "\(report.text("\(process).log"))")
      }
    }

    private static func expectGaps(_ report: GuestReport, _ name: String, _ seconds: Double, _ why: String) {
      let times = report.marks(name).map(\.uptime)
      #expect(times.count >= 3, "\(name): \(times)")
      for (one, next) in zip(times, times.dropFirst()) {
        // A start is marked a moment after it.
        #expect((seconds - 1...seconds + slack).contains(next - one), "\(name), \(why): \(times)\n\(report.summary)")
      }
    }

    /// A slot is a wall-clock time divisible by 5 s; the mark is made a moment after it.
    private static func expectEachSlotOnce(_ report: GuestReport) {
      let slots = report.marks("ticker").map { $0.wall / 5 }
      #expect(Set(slots).count == slots.count, "\(report.summary)")
    }
  }
}
