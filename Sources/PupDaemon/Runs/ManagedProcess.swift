internal import PupConfig
internal import PupCore
internal import PupInstance
internal import PupSystem

/// One process of the instance: its place in the state file and its runs.
struct ManagedProcess {
  let id: ProcessID
  let slot: Int
  /// Nil for a survivor that the configuration no longer names.
  var configuration: ProcessConfiguration?
  /// As last saved.
  var record: [UInt8] = []
  var runs: [UInt32: LiveRun] = [:]

  /// What the state file holds. Runs that are over are left out, since there may be many of them while much is logged: the keeper
  /// knows of them as long as there is something to read, and without it there is nothing.
  var state: StateSlot {
    let open = runs.values.filter { !$0.isOver }.map(\.record)
    return StateSlot(process: id.text, record: record, runs: open.sorted { $0.generation < $1.generation })
  }

  /// What the keeper calls a run of it.
  func entry(_ generation: UInt32) -> EntryKey { EntryKey(slot: UInt32(slot), generation: generation) }

  mutating func update(_ generation: UInt32, _ change: (inout LiveRun) -> Void) {
    guard let run = runs.index(forKey: generation) else { return }
    change(&runs.values[run])
  }

  /// Another run would not fit into the state file: too many earlier ones have left processes behind.
  var isFull: Bool { runs.values.count { !$0.isOver } >= StateSlot.capacity }
}
