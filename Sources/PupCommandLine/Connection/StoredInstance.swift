internal import PupAPI
internal import PupCore
internal import PupInstance
internal import PupStore
internal import PupSystem

/// An instance that does not run: its database.
struct StoredInstance {
  let store: Store

  init(_ paths: StoragePaths) throws(CommandFailure) {
    do throws(StoreError) {
      store = try Store.open(paths.databaseFile) { Terminal.complain("pup: \($0)") }
    } catch {
      if case .untrusted = error { throw CommandFailure(77, "\(error)") }
      throw CommandFailure(65, "\(error)")
    }
  }

  /// Oldest first.
  func history(_ selection: ProcessSelection, _ count: Int) throws(CommandFailure) -> [HistoryEntry] {
    defer { store.close() }
    var transitions: [StoredTransition] = []
    // Names that fit nothing have no history: what a configuration without a running Pup holds is not known here.
    if selection.patterns.isEmpty || selection.patterns.contains("all") {
      transitions = try page(nil, count)
    } else if selection.patterns.contains(where: ProcessSelection.isGlob) {
      transitions = try page(nil, 1000).filter { selection.fits($0.transition.process.text) }
    } else {
      for pattern in selection.patterns { transitions += try page(ProcessID(pattern), count) }
    }
    return transitions.sorted { $0.number < $1.number }.suffix(count).map { HistoryEntry($0.transition) }
  }

  private func page(_ process: ProcessID?, _ count: Int) throws(CommandFailure) -> [StoredTransition] {
    let latch = Latch<Result<[StoredTransition], StoreError>>()
    store.history(of: process, limit: count) { latch.open(with: $0) }
    switch latch.wait() {
    case .success(let transitions): return transitions
    case .failure(let error): throw CommandFailure(70, "\(error)")
    }
  }
}
