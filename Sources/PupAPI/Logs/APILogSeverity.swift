/// The severity of a line.
public enum APILogSeverity: String, Hashable, Sendable, CaseIterable {
  /// A program's output, and anything unimportant.
  case log
  /// Of possible interest.
  case info
  /// Worth a look.
  case warn
  /// A failure.
  case error

  /// Ignores case; `warning` means `warn`. Nil for any other word.
  public init?(word: String) {
    let folded = word.lowercased()
    self.init(rawValue: folded == "warning" ? "warn" : folded)
  }
}
