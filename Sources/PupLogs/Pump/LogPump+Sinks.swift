internal import Glibc
internal import PupSystem

extension LogPump {
  /// At most this many segments are open at a time, so that a thousand processes do not need a thousand descriptors.
  static let mostOpenStores = 256

  /// Nil if no store is kept.
  func store(_ process: String) -> StoreSink? {
    guard let directory = options.directory else { return nil }
    let key = process.lowercased()
    if let known = stores[key] { return known }
    // Several segments per process; otherwise the oldest lines could be removed only together with all others.
    let segmentBytes = min(options.segmentBytes, max(options.processBytes / 4, 64 << 10))
    let sink = StoreSink(directory: directory, process: process, segmentBytes: segmentBytes, context: context)
    stores[key] = sink
    return sink
  }

  func acquireStore(_ process: String) -> StoreSink? {
    let sink = store(process)
    sink?.users += 1
    return sink
  }

  func releaseStore(_ sink: StoreSink) {
    sink.users -= 1
    if sink.users == 0, sink.isOpen {
      sink.closeFile()
      openStores -= 1
    }
  }

  func append(_ batch: LineBatch, to sink: FileSink, decorate: Bool, _ tally: LogTally) throws(Abandoned) {
    let lostBefore = sink.lostInAll
    defer { tally.add(lost: sink.lostInAll - lostBefore) }
    try sink.append(batch, decorate: decorate)
  }

  func append(_ batch: LineBatch, to sink: StoreSink, _ tally: LogTally) throws(Abandoned) {
    let wasOpen = sink.isOpen
    let lostBefore = sink.lostInAll
    defer { tally.add(lost: sink.lostInAll - lostBefore) }
    try sink.append(batch)
    unmeasured += Int64(batch.bytes.count)
    noteRotation(of: sink)
    guard !wasOpen, sink.isOpen else { return }
    openStores += 1
    if openStores > Self.mostOpenStores { closeLeastUsed() }
  }

  /// Closes a quarter of the open segments, so that this is rare.
  private func closeLeastUsed() {
    let open = stores.values.filter(\.isOpen).sorted { $0.lastUse < $1.lastUse }
    for sink in open.prefix(max(0, open.count - Self.mostOpenStores * 3 / 4)) { sink.closeFile() }
    openStores = stores.values.count { $0.isOpen }
  }

  /// The sink for a path; two spellings of one path share it.
  func acquireFile(_ path: String) -> FileSink {
    let resolved = Self.resolve(path)
    let sink = files[resolved] ?? FileSink(path: resolved, context: context)
    files[resolved] = sink
    sink.users += 1
    return sink
  }

  func releaseFile(_ sink: FileSink) {
    sink.users = max(0, sink.users - 1)
    // While lost lines wait to be reported, the sink is kept for its next attempt.
    guard sink.users == 0, sink.failure.reason == nil else { return }
    sink.closeFile()
    files[sink.path] = nil
    context.ledger.release(.file, sink.path)
  }

  func release(_ process: String) {
    let key = process.lowercased()
    guard !streams.values.contains(where: { $0.process.lowercased() == key }) else { return }
    destinations[key] = nil
    tallies.forget(process: process)
    feed?.forget(process: process)
    guard let sink = stores.removeValue(forKey: key) else { return }
    if sink.isOpen { openStores -= 1 }
    sink.closeFile()
    context.ledger.release(.store, key)
  }

  /// /dev/stdout must keep its name: what it resolves to now is not ours.
  private static func resolve(_ path: String) -> String {
    path.hasPrefix("/dev/") || path.hasPrefix("/proc/") ? path : GuardedFolder.resolve(path)
  }
}
