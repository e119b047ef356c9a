/// Reads what `RecordWriter` wrote; every step says no to bytes that it did not write.
struct RecordReader {
  private var rest: ArraySlice<UInt8>
  private var names: [String] = []

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// A slot of fixed size is filled up with zeros.
  var isAtEnd: Bool { rest.allSatisfy { $0 == 0 } }

  mutating func byte() -> UInt8? { rest.popFirst() }

  mutating func flag() -> Bool? {
    switch byte() {
    case 0: false
    case 1: true
    default: nil
    }
  }

  mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
    let size = Value.bitWidth / 8
    guard rest.count >= size else { return nil }
    var value: Value = 0
    for (place, byte) in rest.prefix(size).enumerated() { value |= Value(truncatingIfNeeded: byte) << Value(place * 8) }
    rest = rest.dropFirst(size)
    return value
  }

  /// The outer optional says whether it could be read.
  mutating func optional<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value?? {
    guard let isThere = flag() else { return nil }
    guard isThere else { return .some(nil) }
    guard let value = integer(type) else { return nil }
    return value
  }

  mutating func text(longest: Int) -> String? {
    guard let count = byte(), count <= longest, rest.count >= count else { return nil }
    defer { rest = rest.dropFirst(Int(count)) }
    return String(validating: rest.prefix(Int(count)), as: UTF8.self)
  }

  mutating func readNames() -> Bool {
    guard let count = byte(), count <= RecordWriter.mostNames else { return false }
    for _ in 0..<count {
      guard let name = text(longest: RecordWriter.longestName) else { return false }
      names.append(name)
    }
    return true
  }

  mutating func optionalActor() -> Actor?? {
    guard let kind = byte() else { return nil }
    guard kind > 0 else { return .some(nil) }
    guard let value = integer(Int32.self) else { return nil }
    switch kind {
    case 1:
      guard value != RecordWriter.unnamed else { return .consumer("") }
      guard names.indices.contains(Int(value)) else { return nil }
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
    default: return nil
    }
  }

  mutating func actor() -> Actor? { optionalActor() ?? nil }

  mutating func exit() -> ExitStatus? {
    switch byte() {
    case 0: .unknown
    case 1: integer(Int32.self).map { .exited(code: $0) }
    case 2: integer(Int32.self).map { .signaled(signal: $0, dumpedCore: false) }
    case 3: integer(Int32.self).map { .signaled(signal: $0, dumpedCore: true) }
    default: nil
    }
  }

  mutating func end() -> RunEnd?? {
    guard let isThere = flag() else { return nil }
    guard isThere else { return .some(nil) }
    guard let exit = exit(), let wish = optionalActor(), let hasFailure = flag() else { return nil }
    guard hasFailure else { return RunEnd(exit: exit, wish: wish) }
    guard let failure = text(longest: RecordWriter.longestFailure) else { return nil }
    return RunEnd(exit: exit, wish: wish, failure: failure)
  }

  mutating func schedule() -> ScheduleRecord? {
    guard let next = optional(Int64.self), let followedTo = optional(Int64.self), let pattern = integer(UInt64.self) else {
      return nil
    }
    var schedule = ScheduleRecord()
    schedule.slot = .init(
      next: next.map { WallTime(microseconds: $0) }, followedTo: followedTo.map { WallTime(microseconds: $0) })
    schedule.pattern = pattern
    return schedule
  }

  mutating func instant() -> Instant? { integer(Int64.self).map { Instant(nanoseconds: $0) } }

  mutating func optionalInstant() -> Instant?? {
    guard let value = optional(Int64.self) else { return nil }
    return .some(value.map { Instant(nanoseconds: $0) })
  }

  mutating func optionalWallTime() -> WallTime?? {
    guard let value = optional(Int64.self) else { return nil }
    return .some(value.map { WallTime(microseconds: $0) })
  }
}
