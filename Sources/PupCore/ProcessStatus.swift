/// A process as shown in listings.
package struct ProcessStatus: Hashable, Sendable {
  package var id: ProcessID
  package var state: ProcessState
  package var blocked = false
  /// An operator stopped it; it stays stopped until an operator starts it.
  package var heldByOperator = false
  package var pid: Int32?
  package var lastExit: ExitStatus?
  package var started: WallTime?
  package var exited: WallTime?
  package var updated: WallTime
  package var restarts: Int = 0
  /// Total number of runs begun, whatever the cause; never reset.
  package var starts: Int = 0
  /// Why the next start will happen, if one is pending.
  package var pendingReason: Cause?
  package var nextStart: WallTime?
  package var nextTerminate: WallTime?
  /// One sentence: why it is in this state, and what happens next.
  package var explanation: String = ""

  package init(id: ProcessID, state: ProcessState, updated: WallTime) {
    self.id = id
    self.state = state
    self.updated = updated
  }
}
