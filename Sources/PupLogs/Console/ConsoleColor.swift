/// The color of a line on a terminal: red for errors, green for a start, yellow for an end, gray for other lines of the
/// supervisor, none for a program's.
enum ConsoleColor {
  case red, grey, green, yellow

  static let reset: StaticString = "\u{1B}[0m"

  init?(_ origin: LineOrigin, _ severity: LogSeverity) {
    switch String(decoding: origin.category, as: UTF8.self) {
    case _ where severity == .error: self = .red
    case "stdout", "stderr": return nil
    case "errored", "exhausted": self = .red
    case "starting": self = .green
    case "finished": self = .yellow
    default: self = .grey
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
