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

  /// Oldest first. A name that neither the history nor the configuration has is a slip.
  /// - Parameter known: what the configuration names; nil where it cannot be read.
  func history(
    _ selection: ProcessSelection, _ count: Int, known: KnownProcesses?
  ) throws(CommandFailure) -> [HistoryEntry] {
    defer { store.close() }
    // By number: two names may mean the same process.
    var chosen: [Int64: StoredTransition] = [:]
    for pattern in selection.patterns.isEmpty ? ["all"] : selection.patterns {
      var found = try transitions(fitting: pattern, count)
      let configured = pattern == "all" ? nil : known?.processes(fitting: pattern)
      guard pattern == "all" || configured != nil || !found.isEmpty else {
        throw ProcessSelection.unknown(pattern, among: known?.names ?? [], listing: "pup history")
      }
      // The members of a cluster do not have its name.
      for process in configured ?? [] where process.lowercased() != pattern { found += try page(ProcessID(process), count) }
      for transition in found { chosen[transition.number] = transition }
    }
    return chosen.values.sorted { $0.number < $1.number }.suffix(count).map { HistoryEntry($0.transition) }
  }

  private func transitions(fitting pattern: String, _ count: Int) throws(CommandFailure) -> [StoredTransition] {
    if pattern == "all" { return try page(nil, count) }
    guard ProcessSelection.isGlob(pattern) else { return try page(ProcessID(pattern), count) }
    var found: [StoredTransition] = []
    var before: Int64?
    repeat {
      let page = try page(nil, 1000, before: before)
      found += page.filter { ProcessSelection.matches($0.transition.process.text.lowercased(), pattern) }
      before = page.last?.number
    } while before != nil && found.count < count
    return found
  }

  private func page(_ process: ProcessID?, _ count: Int, before: Int64? = nil) throws(CommandFailure) -> [StoredTransition] {
    let latch = Latch<Result<[StoredTransition], StoreError>>()
    store.history(of: process, limit: count, before: before) { latch.open(with: $0) }
    switch latch.wait() {
    case .success(let transitions): return transitions
    case .failure(let error): throw CommandFailure(70, "\(error)")
    }
  }
}
