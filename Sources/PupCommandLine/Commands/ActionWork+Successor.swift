internal import PupAPI
internal import PupRestClient

/// A supervisor that is replaced while somebody waits for an action: its successor carries the action to its end, and knows of
/// nobody who waits.
extension ActionWork {
  /// Between two looks at a process whose restart nobody reports any more.
  private static let pause = Duration.milliseconds(100)

  /// Does the action and waits for its end, whichever supervisor brings it about.
  /// - Parameter pid: the process's before a restart.
  func finish(_ id: String, pid: Int32?) async -> ActionOutcome {
    guard let wait else { return await act(id, seconds: nil) }
    let end = ContinuousClock.now + .seconds(wait)
    while true {
      let rest = end - .now
      var outcome = await act(id, seconds: Int(max(rest, .zero).components.seconds))
      outcome.seconds = wait
      // A second is less than what a wait may be cut short by rounding.
      guard isCutShort(outcome), end - .now > .seconds(1) else { return outcome }
      guard action == .restart else { continue }
      switch await successor(id, pid: pid, until: end) {
      case .isRestarted: return ActionOutcome(id: id, action: action, kind: .result(.done), seconds: wait)
      case .neverHeard: continue
      case .unknown: return outcome
      }
    }
  }

  /// Answered before its time by a supervisor that made way, or not at all by one that died.
  private func isCutShort(_ outcome: ActionOutcome) -> Bool {
    switch outcome.kind {
    case .result(.pending): true
    case .failed(let code): code == .notReachable && action == .restart
    case .result: false
    }
  }

  private enum Finding {
    case isRestarted
    /// The process runs as before: the request was lost with the supervisor.
    case neverHeard
    /// It ended otherwise, or there was no time to see it, or nobody answers.
    case unknown
  }

  /// A restart must not be asked for twice, so its end is looked for.
  private func successor(_ id: String, pid: Int32?, until end: ContinuousClock.Instant) async -> Finding {
    while .now < end, let process = try? await client.getProcess(id).status {
      switch process.status {
      case .running: return process.pid == pid ? .neverHeard : .isRestarted
      case .starting: break
      default: guard process.pendingRestartReason != nil else { return .unknown }
      }
      do { try await Task.sleep(for: Self.pause) } catch { return .unknown }
    }
    return .unknown
  }
}
