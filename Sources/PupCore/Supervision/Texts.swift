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
  var words: String {
    let seconds = Int(microseconds).flooredQuotient(by: 1_000_000)
    let days = seconds.flooredQuotient(by: 86_400)
    let date = CivilDate(daysSinceEpoch: days)
    let time = seconds - days * 86_400
    return "\(date.year)-\(Self.two(date.month))-\(Self.two(date.day))"
      + "T\(Self.two(time / 3600)):\(Self.two(time / 60 % 60)):\(Self.two(time % 60))Z"
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
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
  /// The calendar time at which `instant` will come if nobody sets the clock.
  init(of instant: Instant, seenFrom now: Moment) {
    let (sum, overflow) = now.wall.microseconds.addingReportingOverflow((instant - now.boot).nanoseconds / 1000)
    self.init(microseconds: overflow ? .max : sum)
  }
}
