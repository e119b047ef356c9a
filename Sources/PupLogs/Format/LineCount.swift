/// A number of lines in a sentence.
enum LineCount {
  static func words(_ count: UInt64) -> String { "\(count) line\(count == 1 ? "" : "s")" }

  /// "1 line was", "2 lines were".
  static func subject(_ count: UInt64) -> String { "\(words(count)) \(count == 1 ? "was" : "were")" }
}
