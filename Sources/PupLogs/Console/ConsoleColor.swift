internal import PupBasics

/// The color of a line on a terminal: red for errors, green for a start, yellow for an end, gray for other lines of the
/// supervisor, none for a program's.
enum ConsoleColor {
  case red, grey, green, yellow

  static let reset: StaticString = "\u{1B}[0m"

  init?(_ origin: LineOrigin, _ severity: LogSeverity) {
    switch origin.tone {
    case _ where severity == .error: self = .red
    case _ where origin.stream != nil: return nil
    case .failure: self = .red
    case .start: self = .green
    case .end: self = .yellow
    case .ordinary: self = .grey
    }
  }

  var sequence: StaticString {
    switch self {
    case .red: "\u{1B}[31m"
    case .grey: "\u{1B}[90m"
    case .green: "\u{1B}[32m"
    case .yellow: "\u{1B}[33m"
    }
  }
}
