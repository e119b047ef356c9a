internal import PupLogs

/// `--severity`: lines of this level and worse.
enum SeverityArgument {
  static let option = OptionSpecification(
    "severity", value: "LEVEL", words: LogSeverity.allCases.map(\.name),
    help: "only lines of at least this level: log, info, warn or error")

  /// Other tools' words for the same levels are understood.
  private static let otherWords: [String: LogSeverity] = ["warning": .warn, "err": .error]

  static func read(_ arguments: ParsedArguments) throws(UsageError) -> LogSeverity? {
    guard let text = arguments.value(option.name) else { return nil }
    guard let severity = LogSeverity(text) ?? otherWords[text.lowercased()] else {
      throw UsageError(message: "--severity \(text): one of log, info, warn, error is needed")
    }
    return severity
  }
}
