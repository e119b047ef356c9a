extension ProcessRecord {
  /// At most `longest` bytes, whatever the content: names of consumers are cut at 40 bytes, and a fifth one has no room.
  package func encoded() -> [UInt8] {
    // The body comes first because it collects the names that go before it.
    var body = RecordWriter()
    body.text(id.text, longest: RecordWriter.longestID)
    write(state, to: &body)
    body.runs(kept)
    body.integer(generation)
    body.integer(UInt32(clamping: restarts))
    body.actor(heldBy)
    body.actor(blockedBy)
    body.end(lastEnd)
    body.actor(startedBy)
    body.optional(started?.microseconds)
    body.optional(exited?.microseconds)
    body.integer(updated.microseconds)
    body.schedule(cron)
    body.schedule(terminateCron)
    body.actor(terminating)
    body.integer(generationFloor)
    var head = RecordWriter()
    head.byte(RecordWriter.version)
    head.byte(UInt8(body.names.count))
    for name in body.names { head.text(name, longest: RecordWriter.longestName) }
    return head.bytes + body.bytes
  }

  /// nil for anything that `encoded()` did not write. Zeros behind it are ignored.
  package init?(decoding bytes: [UInt8]) {
    guard bytes.count <= 1 << 16 else { return nil }
    var reader = RecordReader(bytes[...])
    guard reader.byte() == RecordWriter.version, reader.readNames(), let text = reader.text(longest: RecordWriter.longestID),
      !text.isEmpty
    else { return nil }
    self.init(id: ProcessID(text))
    guard let state = Self.state(from: &reader, id), let kept = reader.runs(of: id), let generation = reader.integer(UInt32.self),
      let restarts = reader.integer(UInt32.self), let heldBy = reader.optionalActor(), let blockedBy = reader.optionalActor(),
      let lastEnd = reader.end(), let startedBy = reader.optionalActor(), let started = reader.optionalWallTime(),
      let exited = reader.optionalWallTime(), let updated = reader.integer(Int64.self), let cron = reader.schedule(),
      let terminateCron = reader.schedule(), let terminating = reader.optionalActor(),
      let generationFloor = reader.integer(UInt32.self), reader.isAtEnd
    else { return nil }
    self.state = state
    self.kept = kept
    self.generation = generation
    self.restarts = Int(restarts)
    self.heldBy = heldBy
    self.blockedBy = blockedBy
    self.lastEnd = lastEnd
    self.startedBy = startedBy
    self.started = started
    self.exited = exited
    self.updated = WallTime(microseconds: updated)
    self.cron = cron
    self.terminateCron = terminateCron
    self.terminating = terminating
    self.generationFloor = generationFloor
    guard isConsistent else { return nil }
  }

  /// No run is newer than the last number given out, none is there twice, none is kept that lives, and all together keep the bound.
  private var isConsistent: Bool {
    var runs = kept
    guard kept.allSatisfy(\.isKept) else { return false }
    if case .up(let up) = state {
      guard !up.runs.contains(where: \.isKept) else { return false }
      runs += up.runs
    }
    return runs.count <= Constants.mostRuns && Set(runs.map(\.key.generation)).count == runs.count
      && runs.allSatisfy { $0.key.generation <= generation }
  }

  private func write(_ state: ProcessMachine.State, to writer: inout RecordWriter) {
    switch state {
    case .down(let outcome):
      writer.byte(0)
      writer.byte(outcome.rawValue)
    case .waiting(let outcome, let pending):
      writer.byte(1)
      writer.byte(outcome.rawValue)
      writer.actor(pending.reason)
      writer.integer(pending.at.nanoseconds)
    case .up(let up):
      switch up.follow {
      case .policy: writer.byte(2)
      case .due(let pending):
        writer.byte(3)
        writer.actor(pending.reason)
        writer.integer(pending.at.nanoseconds)
      case .start(let actor):
        writer.byte(4)
        writer.actor(actor)
      }
      writer.runs(up.runs)
    }
  }

  private static func state(from reader: inout RecordReader, _ id: ProcessID) -> ProcessMachine.State? {
    let tag = reader.byte()
    switch tag {
    case 0: return reader.byte().flatMap(ProcessMachine.Outcome.init).map { .down($0) }
    case 1:
      guard let outcome = reader.byte().flatMap(ProcessMachine.Outcome.init), let pending = pending(from: &reader) else {
        return nil
      }
      return .waiting(outcome, pending)
    case 2, 3, 4:
      var follow = ProcessMachine.Follow.policy
      if tag == 3 {
        guard let pending = pending(from: &reader) else { return nil }
        follow = .due(pending)
      } else if tag == 4 {
        guard let actor = reader.actor() else { return nil }
        follow = .start(actor)
      }
      guard let runs = reader.runs(of: id), !runs.isEmpty else { return nil }
      return .up(.init(runs: runs, follow: follow))
    default: return nil
    }
  }

  private static func pending(from reader: inout RecordReader) -> ProcessMachine.PendingStart? {
    guard let reason = reader.actor(), let at = reader.instant() else { return nil }
    return .init(at: at, reason: reason)
  }
}

extension Run {
  fileprivate var isKept: Bool {
    switch phase {
    case .kept: true
    case .starting, .running, .stopping, .settling, .emptying: false
    }
  }
}
