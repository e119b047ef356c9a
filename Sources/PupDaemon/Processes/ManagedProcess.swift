internal import PupConfig
internal import PupCore

/// One process of the instance: its place in the state file and its runs.
struct ManagedProcess {
  let id: ProcessID
  let slot: Int
  /// Nil for a survivor that the configuration no longer names.
  var configuration: ProcessConfiguration?
  /// As last saved.
  var record: [UInt8] = []
  var runs: [UInt32: LiveRun] = [:]
}
