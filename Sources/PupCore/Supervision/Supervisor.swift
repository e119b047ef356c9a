/// Decides when each process runs. It touches nothing: inputs go in, effects come out.
package struct Supervisor: Sendable {
  package init(definitions: [ProcessDefinition]) {}

  /// The effects are to be performed in this order, after the records in `takeChanged()` have been saved.
  package mutating func handle(_ input: Input, at now: Moment) -> [Effect] { [] }

  package var nextDeadline: Deadlines { Deadlines() }

  /// The records whose durable content changed since this was last called.
  package mutating func takeChanged() -> [ProcessRecord] { [] }

  /// The processes that are no more, since this was last called: their records are to be deleted.
  package mutating func takeRemoved() -> [ProcessID] { [] }

  package func status(of id: ProcessID, at now: Moment? = nil) -> ProcessStatus? { nil }

  /// In the order of the definitions.
  package var statuses: [ProcessStatus] { [] }

  /// The common state of a cluster's members, or MIXED; nil where there is no such cluster.
  package func clusterState(of id: ProcessID) -> ProcessState? { nil }

  /// What must outlive `pup run`: only processes that are held down or blocked.
  package var desiredStates: [DesiredState] { [] }

  /// Counts up whenever `desiredStates` changes, so that the owner knows when to save them.
  package var desiredRevision: UInt64 { 0 }
}
