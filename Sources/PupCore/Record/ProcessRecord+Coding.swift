package import PupBasics

extension ProcessRecord {
  static let format = Format("record of a process", version: 1, needed: 1, oldest: 1)

  /// At most `longest` bytes, whatever the content: consumers' names are cut at 40 bytes, and at most four of them are stored.
  package func encoded() -> [UInt8] {
    // The body is encoded first because it collects the names that precede it.
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
    var names = RecordWriter()
    names.byte(UInt8(body.names.count))
    for name in body.names { names.text(name, longest: RecordWriter.longestName) }
    var writer = ByteWriter()
    writer.put(Self.format) {
      $0.append(names.fields.bytes)
      $0.append(body.fields.bytes)
    }
    return writer.bytes
  }

  /// - Throws: for anything not written by `encoded()` of this build, the previous one or the next one.
  package init(decoding bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes[...])
    self = try reader.read(Self.format) { (fields) throws(FormatError) in
      var record = RecordReader(fields)
      let result = try Self(from: &record)
      fields = record.rest
      return result
    }
    guard reader.remaining == 0, isConsistent else { throw .malformed }
  }

  private init(from reader: inout RecordReader) throws(FormatError) {
    try reader.readNames()
    let text = try reader.text(longest: RecordWriter.longestID)
    guard !text.isEmpty else { throw .malformed }
    self.init(id: ProcessID(text))
    state = try Self.state(from: &reader, id)
    kept = try reader.runs(of: id)
    generation = try reader.integer()
    restarts = Int(try reader.integer(UInt32.self))
    heldBy = try reader.optionalActor()
    blockedBy = try reader.optionalActor()
    lastEnd = try reader.end()
    startedBy = try reader.optionalActor()
    started = try reader.optionalWallTime()
    exited = try reader.optionalWallTime()
    updated = WallTime(microseconds: try reader.integer())
    cron = try reader.schedule()
    terminateCron = try reader.schedule()
    terminating = try reader.optionalActor()
    generationFloor = try reader.integer()
  }

  /// No run is newer than the last number assigned, none appears twice,
  /// no kept run is also live, and their total is within the limit.
  private var isConsistent: Bool {
    var runs = kept
    guard kept.allSatisfy(\.isKept) else { return false }
    if case .up(let up) = state {
      guard !up.runs.contains(where: \.isKept) else { return false }
      runs += up.runs
    }
    return runs.count <= ProcessPolicy.mostRuns && Set(runs.map(\.key.generation)).count == runs.count
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

  private static func state(
    from reader: inout RecordReader, _ id: ProcessID
  ) throws(FormatError) -> ProcessMachine.State {
    let tag = try reader.byte()
    switch tag {
    case 0: return .down(try outcome(from: &reader))
    case 1: return .waiting(try outcome(from: &reader), try pending(from: &reader))
    case 2, 3, 4:
      var follow = ProcessMachine.Follow.policy
      if tag == 3 { follow = .due(try pending(from: &reader)) }
      if tag == 4 { follow = .start(try reader.actor()) }
      let runs = try reader.runs(of: id)
      guard !runs.isEmpty else { throw .malformed }
      return .up(.init(runs: runs, follow: follow))
    default: throw .unknown(what: "state of a process", value: UInt64(tag))
    }
  }

  private static func outcome(from reader: inout RecordReader) throws(FormatError) -> ProcessMachine.Outcome {
    let number = try reader.byte()
    guard let outcome = ProcessMachine.Outcome(rawValue: number) else {
      throw .unknown(what: "outcome of a process", value: UInt64(number))
    }
    return outcome
  }

  private static func pending(from reader: inout RecordReader) throws(FormatError) -> ProcessMachine.PendingStart {
    let reason = try reader.actor()
    return .init(at: try reader.instant(), reason: reason)
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
