internal import PupBasics

/// Reads what `RecordWriter` wrote. An unknown value is refused if it decides what
/// happens to a program; if it only explains something, it has a fallback defined here.
struct RecordReader {
  private var bytes: ByteReader
  private var names: [String] = []

  init(_ bytes: ByteReader) { self.bytes = bytes }

  /// Whatever follows the names and fields known to this build.
  var rest: ByteReader { bytes }

  mutating func byte() throws(FormatError) -> UInt8 { try bytes.get() }

  mutating func flag() throws(FormatError) -> Bool { try bytes.getBool() }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FormatError) -> Value {
    try bytes.get()
  }

  mutating func optional<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(FormatError) -> Value? {
    try flag() ? try bytes.get() : nil
  }

  /// A section that later builds may extend.
  mutating func part<Result>(_ fields: (inout RecordReader) throws(FormatError) -> Result) throws(FormatError) -> Result {
    var inner = self
    let result = try bytes.record { (reader) throws(FormatError) in
      inner.bytes = reader
      let result = try fields(&inner)
      reader = inner.bytes
      return result
    }
    return result
  }

  mutating func text(longest: Int) throws(FormatError) -> String {
    let count = Int(try byte())
    guard count <= longest, let text = String(validating: try bytes.take(count), as: UTF8.self) else { throw .malformed }
    return text
  }

  mutating func readNames() throws(FormatError) {
    let count = try byte()
    guard count <= RecordWriter.mostNames else { throw .malformed }
    for _ in 0..<count { names.append(try text(longest: RecordWriter.longestName)) }
  }

  mutating func optionalActor() throws(FormatError) -> Cause? {
    let kind = try byte()
    guard kind > 0 else { return nil }
    let value = try integer(Int32.self)
    switch kind {
    case 1:
      guard value != RecordWriter.unnamed else { return .consumer("") }
      guard names.indices.contains(Int(value)) else { throw .malformed }
      return .consumer(names[Int(value)])
    case 2: return .signal(value)
    case 3: return .configuration
    case 4: return .autostart
    case 5: return .cron
    case 6: return .terminateCron
    case 7: return .watch
    case 8: return .restartPolicy
    case 9: return .timeout
    case 10: return .takeOver
    case 11: return .program
    // Some unknown actor asked for it: what was held stays held, without a name.
    default: return .consumer("")
    }
  }

  mutating func actor() throws(FormatError) -> Cause {
    guard let actor = try optionalActor() else { throw .malformed }
    return actor
  }

  mutating func exit() throws(FormatError) -> ExitStatus {
    let kind = try byte()
    let value = try integer(Int32.self)
    return switch kind {
    case 1: .exited(code: value)
    case 2: .signaled(signal: value, dumpedCore: false)
    case 3: .signaled(signal: value, dumpedCore: true)
    default: .unknown
    }
  }

  mutating func end() throws(FormatError) -> RunEnd? {
    guard try flag() else { return nil }
    return try part { (reader) throws(FormatError) in
      var end = RunEnd(exit: try reader.exit(), wish: try reader.optionalActor(), wentToBackground: try reader.flag())
      if try reader.flag() { end.failure = try reader.text(longest: RecordWriter.longestFailure) }
      return end
    }
  }

  mutating func schedule() throws(FormatError) -> ScheduleRecord {
    let (next, followedTo) = (try optional(Int64.self), try optional(Int64.self))
    var schedule = ScheduleRecord()
    schedule.slot = .init(
      next: next.map { WallTime(microseconds: $0) }, followedTo: followedTo.map { WallTime(microseconds: $0) })
    schedule.pattern = try integer()
    return schedule
  }

  mutating func instant() throws(FormatError) -> Instant { Instant(nanoseconds: try integer()) }

  mutating func optionalInstant() throws(FormatError) -> Instant? { try optional(Int64.self).map { Instant(nanoseconds: $0) } }

  mutating func optionalWallTime() throws(FormatError) -> WallTime? {
    try optional(Int64.self).map { WallTime(microseconds: $0) }
  }
}
