internal import PupAPI
internal import PupRestClient

/// Does an action on each of several processes, some at a time, and tells what came of it.
struct ActionWork: Sendable {
  let client: PupRestClient
  let keeper: Int32
  let action: ProcessAction
  /// Seconds; nil does not wait.
  let wait: Int?
  let showsProgress: Bool

  /// Calls under way at once.
  private static let window = 48
  /// Between a start that is done and the look at what has come of it.
  private static let settling = Duration.milliseconds(100)

  func run(_ selection: ProcessSelection) throws(CommandFailure) -> [ActionOutcome] {
    let processes = try AsyncWork.run { [client] () async throws(PupError) in try await client.getProcesses().map(\.status) }
    let chosen = try selection.leaves(of: processes)
    let progress = Progress(isShown: showsProgress && wait != nil)
    defer { progress.end() }
    return try AsyncWork.run(keepsResult: true) { () async throws(PupError) in await outcomes(of: chosen, progress) }
  }

  private func outcomes(of processes: [ProcessInformation], _ progress: Progress) async -> [ActionOutcome] {
    let ids = processes.map(\.id)
    let pids = Dictionary(processes.map { ($0.id, $0.pid) }, uniquingKeysWith: { first, _ in first })
    progress.begin(ids, "\(action.rawValue):")
    let ticker = Task {
      while !Task.isCancelled {
        try await Task.sleep(for: .seconds(1))
        HeldKeeper.tell(keeper)
        progress.show()
      }
    }
    defer { ticker.cancel() }
    // Stops take their time: all of them begin before the first is awaited.
    var begun: Set<String> = []
    if wait != nil, ids.count > Self.window, action == .stop {
      begun = Set(await each(ids) { id in await act(id, seconds: nil) }.filter { $0.kind == .result(.accepted) }.map(\.id))
    }
    var outcomes = await each(ids) { [begun] id in
      var outcome = await finish(id, pid: pids[id] ?? nil)
      if begun.contains(id), outcome.kind == .result(.unchanged) {
        (outcome.kind, outcome.message) = (.result(.done), nil)
      }
      progress.finished(id)
      return outcome
    }
    // A program that cannot do its work ends at once; that is not what somebody who asks for a start calls done.
    if action == .start || action == .restart, outcomes.contains(where: { $0.kind == .result(.done) }) {
      try? await Task.sleep(for: Self.settling)
    }
    let states = try? await client.getProcesses().map(\.status)
    for index in outcomes.indices { outcomes[index].state = states?.first { $0.id == outcomes[index].id } }
    return outcomes
  }

  func act(_ id: String, seconds: Int?) async -> ActionOutcome {
    do throws(PupError) {
      let result = try await client.act(action, id, wait: seconds.map { .seconds($0) })
      return ActionOutcome(id: id, action: action, kind: .result(result.outcome), message: result.message, seconds: wait)
    } catch {
      return ActionOutcome(id: id, action: action, kind: .failed(error.code), message: error.message)
    }
  }

  /// In the order of the ids.
  private func each(
    _ ids: [String], _ body: @escaping @Sendable (String) async -> ActionOutcome
  ) async -> [ActionOutcome] {
    await withTaskGroup(of: (Int, ActionOutcome).self) { group in
      var results: [Int: ActionOutcome] = [:]
      for (index, id) in ids.enumerated() {
        if index >= Self.window, let (done, outcome) = await group.next() { results[done] = outcome }
        group.addTask { (index, await body(id)) }
      }
      for await (done, outcome) in group { results[done] = outcome }
      return ids.indices.compactMap { results[$0] }
    }
  }
}
