/// How lines are written: `--output`, `--json`.
enum LogFormat: String, CaseIterable, Sendable {
  /// `17:25:24 WARN  web      text`, in local time.
  case short
  /// `2026-11-21T17:25:24.123456Z [WARN] [web:stdout] text`
  case long
  /// The text alone, byte for byte, on a terminal too.
  case raw
  /// One object a line.
  case json

  static let option = OptionSpecification(
    "output", "o", value: "FORMAT", words: allCases.map(\.rawValue),
    help: "short (on a terminal the default; local time), long (in pipes the default; UTC), raw (the bytes of the text), json")

  init(_ arguments: ParsedArguments) throws(UsageError) {
    if let word = arguments.value("output") {
      guard let format = LogFormat(rawValue: word.lowercased()) else {
        throw UsageError(message: "--output \(word): one of \(Self.allCases.map(\.rawValue).joined(separator: ", ")) is needed")
      }
      if arguments.has("json"), format != .json { throw UsageError(message: "give either --json or --output \(word), not both") }
      self = format
    } else {
      self = arguments.has("json") ? .json : Terminal.isInteractive ? .short : .long
    }
  }
}
