/// The newest lines that a query has found within its budget.
package struct LogExcerpt: Sendable {
  /// Which part of the budget was used up.
  package enum Limit: Sendable { case time, bytes }

  /// Oldest first. None is missing between the first one and the end of the query's range.
  package var lines: [LogLine]
  /// Nil if everything requested was found.
  package var limit: Limit?
  /// Every line after this moment was examined, and none before it; nil if there was not even time for one.
  package var reached: LogTime?
}
