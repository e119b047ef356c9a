/// Detects loops that are stuck in one handler, timer or job. It belongs to the loop that looks at the others, once per interval.
///
/// Time is an argument (CLOCK_MONOTONIC, which stops while the machine is suspended), and the time between two looks counts as
/// two intervals at most, so a process that was stopped or starved raises no false alarm.
package struct LoopWatch {
  package struct Limits: Sendable {
    /// Nanoseconds between two looks.
    package var interval: Int64 = 1_000_000_000
    /// A loop that is stuck for this long is reported.
    package var report: Int64 = 10_000_000_000
    /// An essential loop that is stuck for this long ends the process. The count restarts whenever the loop is found waiting for
    /// a disk.
    package var end: Int64 = 60_000_000_000

    package init() {}
  }

  /// What one look sees of a loop.
  package struct Subject {
    package var name: String
    /// See `LoopPulse`.
    package var pulse: UInt64
    /// The process is useless without it.
    package var isEssential: Bool
    /// Called only once the loop is late.
    package var isWaitingForDisk: () -> Bool

    package init(name: String, pulse: UInt64, isEssential: Bool, isWaitingForDisk: @escaping () -> Bool) {
      self.name = name
      self.pulse = pulse
      self.isEssential = isEssential
      self.isWaitingForDisk = isWaitingForDisk
    }

    package init(_ loop: EventLoop, isEssential: Bool) {
      self.init(name: loop.name, pulse: loop.pulse.value, isEssential: isEssential) { loop.pulse.isWaitingForDisk }
    }
  }

  package enum Finding: Hashable, Sendable {
    /// Reported once per stuck piece of work.
    case busy(String, nanoseconds: Int64, waitsForDisk: Bool)
    case recovered(String, nanoseconds: Int64)
    /// This process should end.
    case endless(String, nanoseconds: Int64)
  }

  private struct Seen {
    var pulse: UInt64
    var busy: Int64 = 0
    var busyWithoutDisk: Int64 = 0
    var isReported = false
  }

  package var limits = Limits()
  private var seen: [String: Seen] = [:]
  private var lastLook: Int64?

  package init() {}

  /// The loops that have been reported and are still stuck, and for how long.
  package var stuck: [(name: String, nanoseconds: Int64)] {
    seen.filter(\.value.isReported).map { ($0.key, $0.value.busy) }.sorted { $0.name < $1.name }
  }

  package mutating func look(at subjects: [Subject], now: Int64) -> [Finding] {
    let passed = min(max(now - (lastLook ?? now), 0), 2 * limits.interval)
    lastLook = now
    var (findings, next): ([Finding], [String: Seen]) = ([], [:])
    for subject in subjects {
      let before = seen[subject.name]
      guard var state = before, state.pulse == subject.pulse, subject.pulse % 2 == 1 else {
        if let before, before.isReported { findings.append(.recovered(subject.name, nanoseconds: before.busy)) }
        next[subject.name] = Seen(pulse: subject.pulse)
        continue
      }
      state.busy += passed
      state.busyWithoutDisk += passed
      if state.busy >= limits.report {
        let waits = subject.isWaitingForDisk()
        if waits { state.busyWithoutDisk = 0 }
        if !state.isReported { findings.append(.busy(subject.name, nanoseconds: state.busy, waitsForDisk: waits)) }
        state.isReported = true
      }
      if subject.isEssential, state.busyWithoutDisk >= limits.end {
        findings.append(.endless(subject.name, nanoseconds: state.busy))
      }
      next[subject.name] = state
    }
    seen = next
    return findings
  }
}
