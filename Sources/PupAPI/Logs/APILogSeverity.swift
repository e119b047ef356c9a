/// How serious a line is.
public enum APILogSeverity: String, Hashable, Sendable, CaseIterable {
  case log, info, warn, error

  /// Without regard to case; nil for any other word.
  public init?(word: String) {
    self.init(rawValue: word.lowercased())
  }
}
