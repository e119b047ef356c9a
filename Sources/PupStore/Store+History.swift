package import PupCore

extension Store {
  /// Stores a transition. It is dropped, and counted, if too many are pending.
  package func record(_ transition: Transition, then: (@Sendable (StoreOutcome) -> Void)? = nil) {
    write(.transition(transition), then: then)
  }

  /// Transitions, newest first.
  /// - Parameters:
  ///   - process: nil for all.
  ///   - limit: 1–1000.
  ///   - before: only entries with a smaller number: the last one of the previous page.
  package func history(
    of process: ProcessID?, limit: Int, before: Int64? = nil,
    then: @escaping @Sendable (Result<[StoredTransition], StoreError>) -> Void
  ) {
    let limit = min(max(limit, 1), 1000)
    ask({ (database) throws(StoreError) in try database.history(of: process, limit: limit, before: before) }, then: then)
  }
}
