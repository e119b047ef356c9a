/// The colour of a line on a terminal: red for errors and standard error, grey for the supervisor itself, green for a start,
/// yellow for an end.
enum ConsoleColor {
  case red, grey, green, yellow

  static let reset: StaticString = "\u{1B}[0m"

  init?(_ origin: LineOrigin) {
    if origin.isError {
      self = .red
    } else if origin.category.elementsEqual("starting".utf8) {
      self = .green
    } else if origin.category.elementsEqual("finished".utf8) {
      self = .yellow
    } else if origin.process == LogEntry.core {
      self = .grey
    } else {
      return nil
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
