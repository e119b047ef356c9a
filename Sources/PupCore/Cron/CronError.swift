/// What is wrong with a cron pattern, where, and how to fix it.
package struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Characters from the start of the pattern, counted from 0.
  package var position: Int
  package var problem: String
  /// How to fix it.
  package var remedy: String

  package init(position: Int, problem: String, remedy: String) {
    self.position = position
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(problem) (at character \(position + 1)); \(remedy)" }
}
