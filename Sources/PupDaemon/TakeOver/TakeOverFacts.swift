internal import PupBasics
internal import PupCore
internal import PupInstance
internal import PupSystem

/// Everything that decides what a new brain does with the runs of the one before: the state file, the keeper's list, what /proc
/// says of both, and the configuration.
struct TakeOverFacts {
  var header = StateHeader()
  /// What is written in the places of the state file; nothing where a place is empty or damaged.
  var slots: [Int: StateSlot] = [:]
  /// How many places the state file has.
  var capacity = 0
  /// How many rows the stream ledger has.
  var rows = 0
  /// The keeper that has welcomed this brain. The start time tells a reused pid.
  var keeperPid: Int32 = 0
  var keeperStartTime: UInt64 = 0
  /// The runs that the keeper has, with those that it was asked to adopt.
  var inventory: [EntryKey: InventoryEntry] = [:]
  /// The keeper was asked for the runs that it had not started, and has answered for each of them.
  var isAnswered = false
  /// When the pup-inits of the inventory were started, by pid; one that is gone has no entry.
  var initStartTimes: [Int32: UInt64] = [:]
  var configured: [ProcessID] = []

  /// The keeper under which the state was written.
  var isSameKeeper: Bool { header.keeperPid == keeperPid && header.keeperStartTime == keeperStartTime }

  /// Keeper and brain of the last instance are gone; some of its programs may not be.
  var isNewInstance: Bool { header.begun && !isSameKeeper }
}

extension TakeOverFacts {
  /// - Throws: what another version has written and this one must not guess at. (Damaged bytes are an empty place.)
  init(reading file: StateFile) throws(FormatError) {
    header = try file.readHeader()
    capacity = file.capacity
    // Before a brain has begun to supervise, the places say nothing.
    guard header.begun else { return }
    for slot in 0..<capacity { slots[slot] = try file.read(slot: slot) }
  }
}
