internal import PupSystem

/// What a new brain is told of the runs, in acknowledged chunks.
extension BrainLink {
  private static let chunkSize = 64

  func beginInventory(for brain: Brain) {
    brain.inventoryQueue = runs.entries.keys.sorted { ($0.slot, $0.generation) > ($1.slot, $1.generation) }
    sendInventoryChunk(to: brain)
  }

  /// Names the next runs. One chunk is under way at a time, so that it always fits into the socket.
  func sendInventoryChunk(to brain: Brain) {
    var chunk: [Entry] = []
    while chunk.count < Self.chunkSize, let key = brain.inventoryQueue.popLast() {
      if let entry = runs[key] { chunk.append(entry) }
    }
    let last = brain.inventoryQueue.isEmpty
    let message = KeeperMessage.inventory(chunk: brain.inventoryChunk, last: last, chunk.map(\.inventory))
    guard send(message, descriptors: chunk.flatMap(\.streamDescriptors), to: brain) else {
      brain.inventoryQueue += chunk.reversed().map(\.key)
      brain.chunkBlocked = true
      return
    }
    for entry in chunk { runs.announced(entry.key) }
    if last { brain.inventoryDone = true }
  }

  func inventoryReceived(_ chunk: UInt32, by brain: Brain) {
    brain.progressed()
    guard chunk == brain.inventoryChunk else { return }
    brain.inventoryChunk += 1
    guard brain.inventoryDone else {
      sendInventoryChunk(to: brain)
      return
    }
    tellAboutSignals()
    sendPending()
  }
}
