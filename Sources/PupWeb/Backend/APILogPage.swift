package import PupAPI

/// What a log query has found, and whether that is all.
package struct APILogPage: Sendable {
  /// What ended the query before it was done, or why a line is not whole.
  package enum Limit: String, CaseIterable, Sendable { case time, bytes, line }

  /// Oldest first.
  package var lines: [LogItem]
  package var limit: Limit?
  /// Milliseconds since 1970: an end for the next query, which then finds what this one has not looked at. Lines of that
  /// millisecond may come again.
  package var nextEnd: Int64?

  package init(lines: [LogItem], limit: Limit? = nil, nextEnd: Int64? = nil) {
    self.lines = lines
    self.limit = limit
    self.nextEnd = nextEnd
  }
}
