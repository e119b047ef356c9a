extension TimeZoneRules {
  /// Reads a TZif file of version 1 … 4 (RFC 8536, RFC 9636). `name` is for people.
  package init(name: String, tzif bytes: [UInt8]) throws(TimeZoneError) {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= 1 << 20 else { throw .tooLarge(bytes: bytes.count) }
    var reader = TimeZoneReader(bytes: bytes)
    var header = try reader.header()
    var isWide = false
    if header.version > 1 {
      try reader.skip(header.bodyLength(timeSize: 4), what: "first table")
      header = try reader.header()
      isWide = true
    }
    let table = try reader.table(header, timeSize: isWide ? 8 : 4)
    self.init(
      name: name, initialOffset: table.initialOffset, changes: table.changes, rule: isWide ? try reader.footer() : nil)
  }
}

/// Walks over the bytes of a TZif file, checking every step.
private struct TimeZoneReader {
  struct Header {
    var version: Int
    var universalCount: Int
    var standardCount: Int
    var leapCount: Int
    var timeCount: Int
    var typeCount: Int
    var characterCount: Int

    func bodyLength(timeSize: Int) -> Int {
      timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4) + standardCount + universalCount
    }
  }

  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func header() throws(TimeZoneError) -> Header {
    guard bytes.count - position >= 4 else { throw .notTimeZoneData }
    guard bytes[position..<position + 4].elementsEqual("TZif".utf8) else {
      throw position == 0 ? .notTimeZoneData : .damaged(what: "its second table does not begin with \"TZif\"")
    }
    guard bytes.count - position >= 44 else { throw .truncated(what: "header") }
    // Version 1 is a zero byte, later ones are digits; versions later than the known ones may only add data.
    let digit = bytes[position + 4]
    guard digit == 0 || (0x32...0x39).contains(digit) else { throw .damaged(what: "unknown version \(digit)") }
    position += 20
    let header = Header(
      version: digit == 0 ? 1 : Int(digit) - 0x30, universalCount: integer(4), standardCount: integer(4), leapCount: integer(4),
      timeCount: integer(4), typeCount: integer(4), characterCount: integer(4))
    let counts = [
      header.universalCount, header.standardCount, header.leapCount, header.timeCount, header.typeCount, header.characterCount,
    ]
    guard counts.allSatisfy({ (0...1 << 20).contains($0) }) else { throw .damaged(what: "a count in its header is implausible") }
    return header
  }

  mutating func skip(_ count: Int, what: String) throws(TimeZoneError) {
    guard bytes.count - position >= count else { throw .truncated(what: what) }
    position += count
  }

  mutating func table(
    _ header: Header, timeSize: Int
  ) throws(TimeZoneError) -> (initialOffset: Int, changes: [TimeZoneRules.Change]) {
    guard bytes.count - position >= header.bodyLength(timeSize: timeSize) else { throw .truncated(what: "table") }
    guard header.leapCount == 0 else { throw .countsLeapSeconds }
    guard header.typeCount > 0 else { throw .damaged(what: "it has no offsets") }
    let times = (0..<header.timeCount).map { _ in integer(timeSize) }
    let kinds = (0..<header.timeCount).map { _ in integer(1) & 0xFF }
    let offsets = (0..<header.typeCount).map { _ in
      let offset = integer(4)
      position += 2
      return offset
    }
    position += header.characterCount + header.standardCount + header.universalCount
    guard offsets.allSatisfy({ abs($0) < TimeZoneRules.widestOffset }) else {
      throw .damaged(what: "an offset of more than a day")
    }
    var initialOffset = offsets[0]
    var changes: [TimeZoneRules.Change] = []
    changes.reserveCapacity(times.count)
    for (time, kind) in zip(times, kinds) {
      guard kind < offsets.count else { throw .damaged(what: "a change to an offset that is not listed") }
      guard time > changes.last?.at ?? .min else { throw .damaged(what: "its changes are not in order") }
      // Some compilers write the Big Bang as a first change. ±2^50 s is 35 million years: nothing computed from it can overflow.
      guard time < 1 << 50 else { throw .damaged(what: "a change in the far future") }
      if time > -1 << 50 { changes.append(.init(at: time, offset: offsets[kind])) } else { initialOffset = offsets[kind] }
    }
    return (initialOffset, changes)
  }

  mutating func footer() throws(TimeZoneError) -> PosixZoneRule? {
    guard position < bytes.count, bytes[position] == 0x0A else { throw .truncated(what: "closing rule") }
    let rest = bytes[(position + 1)...]
    guard let end = rest.firstIndex(of: 0x0A) else { throw .truncated(what: "closing rule") }
    let text = rest[..<end]
    guard !text.isEmpty else { return nil }
    guard let rule = PosixZoneRule(parsing: text) else {
      throw .badFooter(String(decoding: text.prefix(80), as: UTF8.self))
    }
    return rule
  }

  /// A big-endian two's complement number. The caller has checked that its bytes are there.
  private mutating func integer(_ size: Int) -> Int {
    var value: UInt64 = 0
    for byte in bytes[position..<position + size] { value = value << 8 | UInt64(byte) }
    position += size
    let unused = 64 - size * 8
    return Int(Int64(bitPattern: value << unused) >> unused)
  }
}

extension TimeZoneRules {
  /// A zone that consists of just a rule, in the notation of POSIX's TZ variable: "CET-1CEST,M3.5.0,M10.5.0/3".
  package init(name: String, posixRule text: String) throws(TimeZoneError) {
    guard let rule = PosixZoneRule(parsing: Array(text.utf8)[...]) else { throw .badFooter(String(text.prefix(80))) }
    self.init(name: name, initialOffset: rule.standard, changes: [], rule: rule)
  }
}
