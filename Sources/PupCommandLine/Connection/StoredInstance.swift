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

extension HistoryEntry {
  fileprivate init(_ transition: Transition) {
    self.init(
      time: ISODate(microseconds: transition.time.microseconds), processId: transition.process.text,
      old: transition.old.flatMap { APIProcessState(rawValue: $0.rawValue) },
      new: APIProcessState(rawValue: transition.new.rawValue) ?? .created, actor: transition.actor.words, cause: transition.reason
    )
    pid = transition.pid
    switch transition.exit {
    case .exited(let code): self.code = code
    case .signaled(let number, _): signal = SignalName.of(number)
    case .unknown, nil: break
    }
    outOfMemory = transition.ranOutOfMemory
    restarts = transition.restarts
  }
}
