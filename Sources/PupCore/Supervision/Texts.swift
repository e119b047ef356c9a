internal import PupBasics

extension Delay {
  /// For people: "500 ms", "10 s", "1.5 s", "3 min", "2 h".
  var words: String {
    let milliseconds = max(0, nanoseconds) / 1_000_000
    switch milliseconds {
    case ..<1000: return "\(milliseconds) ms"
    case ..<120_000:
      let tenths = milliseconds / 100
      return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    case ..<7_200_000: return "\(milliseconds / 60_000) min"
    default: return "\(milliseconds / 3_600_000) h"
    }
  }
}

extension WallTime {
  /// "2026-11-21T08:15:30Z"
  var words: String { ISOText.text(microseconds, .seconds) }
}

extension ExitStatus {
  var words: String {
    switch self {
    case .exited(let code): "exit code \(code)"
    case .signaled(let signal, let dumpedCore): "\(SignalName.of(signal))\(dumpedCore ? " (core dumped)" : "")"
    case .unknown: "exit status unknown"
    }
  }
}

extension Instant {
  /// Saturates, like `+`.
  static func - (later: Instant, earlier: Instant) -> Delay {
    let (difference, overflow) = later.nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return Delay(nanoseconds: overflow ? (later < earlier ? .min : .max) : difference)
  }
}

extension WallTime {
  /// The calendar time at which `instant` will come if the clock is not set.
  init(of instant: Instant, seenFrom now: Moment) {
    let (sum, overflow) = now.wall.microseconds.addingReportingOverflow((instant - now.boot).nanoseconds / 1000)
    self.init(microseconds: overflow ? .max : sum)
  }
}
