/// What the processes of a run's tree use.
package struct TreeUsage: Hashable, Sendable {
  package var processes = 0
  /// Resident, in bytes.
  package var memory: Int64 = 0
  /// Of the whole run, including processes that have ended.
  package var cpuMicroseconds: Int64 = 0

  package init() {}
}
