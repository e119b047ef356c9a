/// How serious a line is.
public enum APILogSeverity: String, Hashable, Sendable, CaseIterable {
  /// Output of a program, and what is of no matter.
  case log
  /// What people may want to know.
  case info
  /// What people should look at.
  case warn
  /// What went wrong.
  case error

  /// Without regard to case; nil for any other word.
  public init?(word: String) {
    self.init(rawValue: word.lowercased())
  }
}
