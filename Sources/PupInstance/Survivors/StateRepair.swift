internal import PupSystem

/// Adds runs that the state file does not know, so that the supervisor takes them over like any others.
enum StateRepair {
  static func add(_ survivors: [Survivor], cgroupBase: String, to files: RuntimeFiles) throws(InstanceError) {
    guard !survivors.isEmpty else { return }
    do {
      let state = try StateFile(descriptor: files.state.number)
      let ledger = try StreamLedger(descriptor: files.streams.number, rows: files.rows)
      var header = try state.readHeader()
      var slots: [Int: StateSlot] = [:]
      if header.begun { for slot in 0..<state.capacity { slots[slot] = try state.read(slot: slot) } }
      var free = Rows(ledger, used: slots.values.flatMap(\.runs))
      for survivor in survivors { place(survivor, &slots, state.capacity, &free) }
      for (slot, content) in slots { try state.write(content, slot: slot) }
      header.begun = true
      header.bootID = RuntimeFiles.bootID
      header.cgroupBase = cgroupBase
      // Last, because the content is valid only now.
      try state.write(header)
    } catch {
      throw InstanceError(.system, "\(error)")
    }
  }

  private static func place(_ survivor: Survivor, _ slots: inout [Int: StateSlot], _ capacity: Int, _ free: inout Rows) {
    // One slot per process: the one it has, or the one it had before, or any.
    let noted = slots.first { $0.value.process == survivor.process }?.key
    let own = survivor.slot.map(Int.init).flatMap { $0 < capacity && slots[$0] == nil ? $0 : nil }
    guard let slot = noted ?? own ?? (0..<capacity).first(where: { slots[$0] == nil }) else { return }
    var content = slots[slot] ?? StateSlot(process: survivor.process, record: [], runs: [])
    var run = survivor.run
    while content.runs.contains(where: { $0.generation == run.generation }) { run.generation += 1 }
    guard content.runs.count < StateSlot.capacity else { return }
    let key = EntryKey(slot: UInt32(slot), generation: run.generation)
    run.rowOut = free.take(key.stream(.standardOutput)) ?? RunRecord.noRow
    run.rowErr = free.take(key.stream(.standardError)) ?? RunRecord.noRow
    content.runs.append(run)
    slots[slot] = content
  }

  /// The stream ledger's rows that belong to no run.
  private struct Rows {
    private let ledger: StreamLedger
    private var free: [UInt32]

    init(_ ledger: StreamLedger, used runs: [RunRecord]) {
      self.ledger = ledger
      let used = Set(runs.flatMap { [$0.rowOut, $0.rowErr] })
      free = (0..<UInt32(ledger.rows)).reversed().filter { !used.contains($0) }
    }

    /// How far the stream was read is known if its row still exists; otherwise the pipe's content is read from its beginning.
    mutating func take(_ key: UInt64) -> UInt32? {
      if let at = free.firstIndex(where: { ledger.row(Int($0))?.key == key }) { return free.remove(at: at) }
      guard let row = free.popLast() else { return nil }
      ledger.allocate(row: Int(row), key: key)
      return row
    }
  }
}
