internal import Glibc
internal import PupSystem

// MARK: - Coming and going

extension LogPump {
  func begin(_ attachment: StreamAttachment) {
    guard !isAbandoned, streams[attachment.key] == nil else { return }
    destinations[attachment.process.lowercased()] = attachment.destination
    let path = attachment.destination.file(isError: attachment.which == .standardError)
    let stream = PumpStream(
      attachment, store: acquireStore(attachment.process), file: path.map { acquireFile($0) },
      tally: tallies.tally(attachment.process))
    streams[stream.key] = stream
    perform { () throws(Abandoned) in
      // The previous brain may have died between its commit and its request.
      if stream.committed > stream.consumed { request(stream, upTo: stream.committed) } else { try look(stream) }
    }
  }

  func end(_ key: UInt64) {
    guard !isAbandoned else { return }
    guard let stream = streams[key] else {
      onDrained(key)
      return
    }
    stream.treeEnded = true
    if case .answer = stream.waiting { return }
    perform { () throws(Abandoned) in try look(stream) }
  }

  private func finish(_ stream: PumpStream) {
    stopWaiting(stream)
    budget.giveBack(stream.capacity - stream.firstCapacity)
    streams[stream.key] = nil
    if let file = stream.file { releaseFile(file) }
    if let store = stream.store { releaseStore(store) }
    if stream.isLineOpen { feed?.end(stream.origin, severity: stream.openSeverity, at: now.wall) }
    onDrained(stream.key)
  }

  func redirect(_ process: String, _ destination: LogDestination) {
    destinations[process.lowercased()] = destination
    for stream in streams.values where stream.process.lowercased() == process.lowercased() {
      let path = destination.file(isError: stream.which == .standardError)
      let old = stream.file
      stream.file = path.map { acquireFile($0) }
      if let old { releaseFile(old) }
      stream.destination = destination
    }
    for file in files.values where file.users == 0 { releaseFile(file) }
  }

  func resume(with consumer: any StreamConsumer) {
    self.consumer = consumer
    for stream in streams.values {
      if case .answer(let offset) = stream.waiting { request(stream, upTo: offset) }
    }
  }
}

// MARK: - Looking at a pipe

extension LogPump {
  /// A stream is looked at again at most this often while it is busy but not flooding, so that a write costs the pump nothing.
  static let pause: Int64 = 4_000_000
  /// The same for a flood. Less is not worth a timer.
  static let shortestPause: Int64 = 100_000
  /// A partial line is taken this long after its first byte, whatever comes in the meantime.
  static let partialAge: Int64 = 200_000_000
  /// The beginning of a character or of an escape sequence shows nothing, and waits this long for its rest.
  static let fragmentAge: Int64 = 2_000_000_000
  /// A piece carries the time of its first byte, unless that is longer ago: the store takes a second for a step of the clock.
  private static let longestBackdating: Int64 = 500_000_000

  /// Takes what the pipe holds, or waits for it. Not called while waiting for an answer.
  func look(_ stream: PumpStream) throws(Abandoned) {
    stopWaiting(stream)
    let available = stream.available
    let total = available + (stream.direct?.count ?? 0)
    guard total > 0 else {
      stream.partial = nil
      if stream.treeEnded { finish(stream) } else { wait(stream, for: .data) }
      return
    }
    if let file = stream.file, file.mustWait(stream.key, now) {
      pause(stream)
      return
    }
    if let partial = stream.partial, partial.length == total, !stream.treeEnded, Clock.boot < partial.due {
      waitForMore(stream)
      return
    }
    stream.taken = stream.consumed
    if let held = stream.direct {
      let count = read(stream, behind: held)
      if count > 0 { try take(stream, count) } else { wait(stream, for: .data) }
      return
    }
    switch scratch.copy(from: stream.descriptor) {
    case .nothing: wait(stream, for: .data)
    case .bytes(let count):
      try takeParts(stream)
      measure(stream, count, scratch.reads)
    case .impossible(let code): readDirectly(stream, code)
    }
  }

  /// Reads what is there, so that a blocking descriptor does not block.
  private func read(_ stream: PumpStream, behind held: [UInt8]) -> Int {
    buffer.copyBytes(from: held)
    let wanted = min(stream.available, Self.batchBytes + LineFormat.maximumText - held.count)
    var count = 0
    if wanted > 0, let base = buffer.baseAddress { count = Glibc.read(stream.descriptor, base + held.count, wanted) }
    return held.count + max(count, 0)
  }

  /// Takes what was copied: in one batch, or part by part, so that the keeper empties the pipe, and the child fills it, while the
  /// next part is written.
  private func takeParts(_ stream: PumpStream) throws(Abandoned) {
    var count = scratch.read(into: buffer, about: Self.batchBytes)
    if scratch.left == 0 { return try take(stream, count) }
    while true {
      let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
      let whole = bytes.lastPlace(of: LineFormat.lineFeed).map { $0 + 1 } ?? 0
      var rest = UnsafeRawBufferPointer(rebasing: bytes[whole...])
      stream.partial = nil
      if whole > 0 { try deliver(stream, bytes, taken: whole, endsOpen: false) }
      if rest.count >= LineFormat.maximumText {
        // Too long for one piece: no need to see its end.
        let taken = rest.count - Self.unfinishedTail(rest)
        try deliver(stream, rest, taken: taken, endsOpen: true)
        rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
      }
      // The remainder of the last part stays in the pipe.
      guard scratch.left > 0 else { return }
      sendRequests()
      if let from = rest.baseAddress { buffer.baseAddress?.copyMemory(from: from, byteCount: rest.count) }
      let place = UnsafeMutableRawBufferPointer(rebasing: buffer[rest.count...])
      count = rest.count + scratch.read(into: place, about: Self.batchBytes)
    }
  }

  private static func unfinishedTail(_ bytes: UnsafeRawBufferPointer) -> Int {
    bytes.baseAddress.map { PieceEnd.unfinished($0.assumingMemoryBound(to: UInt8.self), bytes.count) } ?? 0
  }

  /// Not a pipe, or a kernel without tee: read the bytes. Then each is delivered at most once, and the keeper has nothing to do.
  private func readDirectly(_ stream: PumpStream, _ code: Int32) {
    guard stream.direct == nil else { return }
    context.note(
      LogEntry(
        .warn, "logger",
        "\(stream.process) \(stream.which): \(SystemError("tee", errno: code)); its output is read directly; a crash "
          + "of the supervisor can lose some of it"))
    stream.direct = []
    lookSoon(stream)
  }

  /// Decides how many of the copied bytes are taken: whole lines, or all of them if the rest of the line cannot be waited for.
  private func take(_ stream: PumpStream, _ count: Int) throws(Abandoned) {
    let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
    if let feed = bytes.lastPlace(of: LineFormat.lineFeed) {
      stream.partial = nil
      try deliver(stream, bytes, taken: feed + 1, endsOpen: false)
      return
    }
    if stream.treeEnded {
      // More than one batch may be left, so only the last one ends the line.
      let left = stream.direct == nil ? stream.available - count : stream.available
      try deliver(stream, bytes, taken: count, endsOpen: left > 0)
      return
    }
    let boot = Clock.boot
    let since = stream.partial?.since ?? boot
    let isFull = count >= LineFormat.maximumText || stream.direct == nil && stream.isFull(available: count)
    let tail = boot >= since + Self.partialAge || isFull ? Self.unfinishedTail(bytes) : 0
    let due = since + (tail == count ? Self.fragmentAge : Self.partialAge)
    guard boot >= due || isFull else {
      stream.partial = (count, since, due)
      hold(stream, bytes)
      waitForMore(stream)
      return
    }
    stream.partial = nil
    try deliver(stream, bytes, taken: tail == count ? count : count - tail, endsOpen: true, since: since)
  }

  /// Writes `taken` bytes to every sink that does not have them yet, and has them consumed.
  /// - Parameter since: when the first of them came, where they had to wait (CLOCK_BOOTTIME).
  private func deliver(
    _ stream: PumpStream, _ bytes: UnsafeRawBufferPointer, taken: Int, endsOpen: Bool, since: Int64? = nil
  ) throws(Abandoned) {
    var moment = now
    if let since { moment.wall.microseconds -= min(max(0, moment.boot - since), Self.longestBackdating) / 1000 }
    let end = stream.taken + UInt64(taken)
    let batch = LineBatch(
      origin: stream.origin, bytes: UnsafeRawBufferPointer(rebasing: bytes[..<taken]), stream: stream.position(stream.taken),
      endsOpen: endsOpen, moment: moment, openSeverity: stream.openSeverity)
    // Filters go here: between the split and the first sink, on a batch whose bytes are still in the pipe.
    let lines = try write(batch, stream)
    let skipped = stream.shown.distance(above: stream.taken)
    if stream.shown < end { show(batch.dropFirst(skipped), lines: skipped == 0 ? lines : nil, stream, end) }
    stream.isBusy = moment.boot - stream.lastBatch < 5 * Self.pause
    stream.noteBatch(taken, at: moment.boot)
    stream.lastBatch = moment.boot
    stream.taken = end
    stream.openSeverity = batch.severityLeftOpen
    if stream.direct != nil {
      stream.direct = Array(bytes[taken...])
      stream.consumed = end
      pauseOrLook(stream)
      return
    }
    if let probe, probe(.unrequested) { throw Abandoned() }
    request(stream, upTo: max(stream.committed, end))
  }

  /// Where a replay would only confuse: the console, the observer, the counters.
  ///
  /// - Parameter lines: how many the batch ends, if they have been counted.
  private func show(_ batch: LineBatch, lines: Int?, _ stream: PumpStream, _ end: UInt64) {
    let lines = lines ?? batch.lineCount
    stream.tally.add(lines: lines, bytes: batch.bytes.count)
    if stream.destination.console, let console {
      console.append(batch, decorate: stream.destination.decorate, context: context)
    }
    feed?.observe(batch, continued: stream.isLineOpen, lines: lines)
    stream.isLineOpen = batch.endsOpen
    stream.shown = end
  }

  /// Returns how many lines the batch ends, if the store has seen all of them.
  private func write(_ batch: LineBatch, _ stream: PumpStream) throws(Abandoned) -> Int? {
    var lines: Int?
    if let store = stream.store {
      let skipped = store.committed(row: stream.row, key: stream.key).distance(above: stream.taken)
      let before = store.linesInAll
      if skipped < batch.bytes.count { try append(batch.dropFirst(skipped), to: store, stream.tally) }
      if skipped == 0 { lines = Int(clamping: store.linesInAll - before) }
    }
    if let file = stream.file {
      let skipped = file.committed(row: stream.row, key: stream.key).distance(above: stream.taken)
      if skipped < batch.bytes.count {
        try append(batch.dropFirst(skipped), to: file, decorate: stream.destination.decorateFiles, stream.tally)
      }
    }
    return lines
  }

  /// A pipe that is repeatedly found half full is enlarged. What counts is bytes in an ordinary pipe, and slots in one of
  /// packets.
  private func measure(_ stream: PumpStream, _ count: Int, _ packets: Int) {
    stream.wasLoaded = count >= min(stream.capacity / 2, Self.batchBytes) || packets >= stream.capacity / 4096 / 2
    stream.loadedLooks = stream.wasLoaded ? stream.loadedLooks + 1 : 0
    guard stream.loadedLooks >= 2, stream.direct == nil else { return }
    stream.loadedLooks = 0
    stream.capacity = budget.grow(stream.descriptor, from: stream.capacity)
  }

  /// In a turn of its own, so that the other streams get theirs.
  private func lookSoon(_ stream: PumpStream) {
    let key = stream.key
    onLoop { pump in
      guard let stream = pump.streams[key], stream.waiting == .nothing else { return }
      pump.perform { () throws(Abandoned) in try pump.look(stream) }
    }
  }

  private func hold(_ stream: PumpStream, _ bytes: UnsafeRawBufferPointer) {
    if stream.direct != nil { stream.direct = Array(bytes) }
  }
}

// MARK: - The keeper's answers

extension LogPump {
  func answered(_ reply: ConsumeReply) {
    guard !isAbandoned, let stream = streams[reply.key], case .answer(let asked) = stream.waiting else { return }
    if reply.short { noteShort(stream) }
    // The answer to an earlier part or an older request; this one's is still to come.
    guard reply.upTo >= asked else { return }
    stream.consumed = max(reply.upTo, stream.consumed)
    stream.shown = max(stream.shown, stream.consumed)
    stream.waiting = .nothing
    perform { () throws(Abandoned) in
      if stream.treeEnded { try look(stream) } else { pauseOrLook(stream) }
    }
  }

  /// The program has read its own output: the bytes that the keeper counted as consumed were not all those that were copied.
  private func noteShort(_ stream: PumpStream) {
    guard !stream.toldShort else { return }
    stream.toldShort = true
    context.note(
      LogEntry(
        .warn, "logger", "\(stream.process) reads its own output; some of it may be missing or duplicated",
        process: stream.process))
  }

  /// After a batch: a full pipe is looked at again at once, a busy one a little later, an idle one when epoll says so.
  private func pauseOrLook(_ stream: PumpStream) {
    let available = stream.available
    let isHolding = stream.direct?.isEmpty == false
    if available >= stream.capacity / 2 || available > 0 && stream.wasLoaded || isHolding {
      lookSoon(stream)
      return
    }
    guard available > 0 || stream.isBusy else {
      wait(stream, for: .data)
      return
    }
    pause(stream)
  }
}

extension UInt64 {
  /// How far this is beyond `other`; 0 if it is not.
  fileprivate func distance(above other: UInt64) -> Int { self > other ? Int(clamping: self - other) : 0 }
}
