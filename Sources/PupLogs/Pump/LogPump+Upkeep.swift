internal import Glibc
internal import PupSystem

// MARK: - Sinks that failed

extension LogPump {
  func armRetry() {
    guard retryTimer == nil, !isAbandoned else { return }
    let times = stores.values.lazy.map(\.failure).filter { $0.reason != nil }.map(\.retryAt)
    let others = files.values.lazy.map(\.failure).filter { $0.reason != nil }.map(\.retryAt)
    guard let earliest = [times.min(), others.min()].compactMap({ $0 }).min() else { return }
    retryTimer = loop.schedule(at: earliest) { [weak self] in
      self?.assumeIsolated { $0.retry() }
    }
  }

  private func retry() {
    retryTimer = nil
    perform { () throws(Abandoned) in
      let moment = now
      for sink in stores.values {
        try sink.retry(moment)
        noteRotation(of: sink)
      }
      for sink in files.values {
        try sink.retry(moment)
        if sink.users == 0, sink.failure.reason == nil { releaseFile(sink) }
      }
    }
    armRetry()
  }
}

// MARK: - Space taken ahead

extension LogPump {
  /// After each write to a store.
  func noteRotation(of sink: StoreSink) {
    guard sink.hasRotated else { return }
    sink.hasRotated = false
    trim(sink)
    if sink.reserve != nil { watchReserves() }
  }

  /// What a process has reserved is returned when it is no longer busy, or when others need the space.
  private func watchReserves() {
    guard reserveTimer == nil, !isAbandoned else { return }
    reserveTimer = loop.schedule(at: Clock.boot + StoreSink.busyTime) { [weak self] in
      self?.assumeIsolated { $0.giveReservesBack() }
    }
  }

  private func giveReservesBack() {
    reserveTimer = nil
    let boot = Clock.boot
    var isNeeded = false
    for sink in stores.values where sink.reserve != nil {
      if sink.isBusy(boot), SegmentReserve.hasRoom(sink.folder.path, bytes: sink.segmentBytes) {
        isNeeded = true
      } else {
        sink.giveBack()
      }
    }
    if isNeeded { watchReserves() }
  }
}

// MARK: - Budgets

extension LogPump {
  private func storeBudget(_ directory: String, _ now: LogTime) -> StoreBudget {
    let age = options.maximumAgeHours.map { LogTime(microseconds: now.microseconds - Int64($0) * 3_600_000_000) }
    return StoreBudget(
      directory: directory, processBytes: options.processBytes,
      totalBytes: options.totalBytes ?? StoreBudget.defaultTotal(directory), oldest: age)
  }

  /// A process has begun a new segment: its oldest ones are removed if there are too many, and the whole store is measured now
  /// and then.
  func trim(_ sink: StoreSink) {
    let segments = sink.folder.segments()
    var sizes = segments.map { LogFile.size(at: sink.folder.path(of: $0)) ?? 0 }
    // The segment that has just begun will be full one day.
    var total = sizes.reduce(sink.segmentBytes, +)
    for name in segments.dropLast() where total > options.processBytes {
      unlink(sink.folder.path(of: name))
      total -= sizes.removeFirst()
    }
    if unmeasured > (options.totalBytes ?? 4 << 30) / 16 { startPurge(now.wall) }
  }

  /// Measures and cleans the whole store on another thread: a thousand folders are too much for one turn of the loop.
  func startPurge(_ time: LogTime) {
    guard let directory = options.directory, !isPurging, !isAbandoned else { return }
    unmeasured = 0
    let budget = storeBudget(directory, time)
    isPurging = HelperThread.run { [weak self] in
      let leftovers = budget.enforce()
      self?.onLoop { $0.finishPurge(leftovers) }
    }
  }

  /// Newest segments are removed and cut here, where nothing can write to them in the meantime.
  private func finishPurge(_ leftovers: [StoreBudget.Leftover]) {
    isPurging = false
    for leftover in leftovers {
      let sink = stores[leftover.process.lowercased()]
      guard sink?.isOpen != true, let directory = options.directory else { continue }
      let folder = ProcessFolder(directory: directory, process: leftover.process)
      let path = folder.path(of: leftover.segment)
      guard LogFile.size(at: path) == leftover.size else { continue }
      guard leftover.excess == .everything else {
        truncate(path, off_t(leftover.size))
        continue
      }
      unlink(path)
      sink?.segment = nil
      // Only an empty folder is removed: that of a process that no longer exists and has no lines left.
      if sink == nil { rmdir(folder.path) }
    }
  }
}
