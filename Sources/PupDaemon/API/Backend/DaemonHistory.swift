internal import PupAPI
internal import PupCore
internal import PupStore
internal import PupWeb

struct DaemonHistory: HistoryBackend {
  let daemon: Daemon

  func history(of id: String, count: Int, answer: @escaping @Sendable (Result<[HistoryEntry], PupError>) -> Void) {
    daemon.ask { brain in
      // One that left the configuration may have a history.
      let unknown = brain.supervision.core.state(of: ProcessID(id)) == nil ? brain.clients.unknownProcess(id) : nil
      let surface = brain.interface.surface
      guard let store = surface?.store else {
        return answer(.failure(surface?.tokens.noStore ?? PupError(.unavailable, "Pup is starting; try again in a moment")))
      }
      store.history(of: ProcessID(id), limit: count) { result in
        if let unknown, case .success(let found) = result, found.isEmpty { return answer(.failure(unknown)) }
        answer(
          result.map { $0.reversed().map { HistoryEntry($0.transition) } }.mapError { PupError(.unavailable, "\($0)") })
      }
    }
  }
}
