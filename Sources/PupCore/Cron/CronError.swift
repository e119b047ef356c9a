/// What is wrong in a cron pattern, where, and the way out.
package struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Characters from the start of the pattern, counted from 0.
  package var position: Int
  package var problem: String
  /// How to put it right.
  package var remedy: String

  package init(position: Int, problem: String, remedy: String) {
    self.position = position
    self.problem = problem
    self.remedy = remedy
  }

  package var description: String { "\(problem) (at character \(position + 1)); \(remedy)" }
}
