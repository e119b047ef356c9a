internal import PupSystem

extension FileWatcher {
  private static let leastRescanDelay: Int64 = 100_000_000

  /// Events were lost, so everything has to be examined. Not at once, because more are likely to be lost.
  func lostEvents() {
    guard rescanTimer == nil else { return }
    let delay = min(max(interval, Self.leastRescanDelay), hub.leastPollInterval)
    rescanTimer = hub.loop.schedule(at: Clock.boot + delay) { [weak self] in
      self?.rescanTimer = nil
      self?.rescan()
    }
  }

  private func rescan() {
    guard !hasEnded else { return }
    for root in roots {
      resolve(root, reports: true)
      if let top = root.top { refresh(top, isNew: false, reports: true) }
    }
  }

  /// Releases this watcher's watches for others, and polls from now on.
  func startPolling(because problem: WatchProblem) {
    guard !isPolling else { return }
    isPolling = true
    for root in roots {
      releaseAnchors(of: root)
      if let top = root.top { forEach(from: top, unwatch) }
    }
    let milliseconds = pollInterval / 1_000_000
    tell("\(problem.text). Until this process is watched again, its paths are checked every \(milliseconds) ms instead")
    schedulePoll(after: 0)
  }

  private var pollInterval: Int64 { max(interval, hub.leastPollInterval) }

  /// - Parameter duration: how long the last look took; at most a tenth of the time is spent looking.
  func schedulePoll(after duration: Int64) {
    guard pollTimer == nil, !hasEnded, isPolling || roots.contains(where: \.isBlind) else { return }
    pollTimer = hub.loop.schedule(at: Clock.boot + max(pollInterval, duration * 10)) { [weak self] in self?.poll() }
  }

  private func poll() {
    pollTimer = nil
    let begin = Clock.boot
    if isPolling {
      rescan()
    } else {
      for root in roots where root.isBlind { resolve(root, reports: true) }
    }
    schedulePoll(after: Clock.boot - begin)
  }
}
