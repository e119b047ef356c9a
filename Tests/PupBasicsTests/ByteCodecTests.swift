import PupBasics
import Testing

@Suite struct ByteCodecTests {
  @Test func everythingComesBackAsItWas() throws {
    var writer = ByteWriter()
    writer.put(UInt8(200))
    writer.put(Int16(-3))
    writer.put(UInt64.max - 1)
    writer.put(true)
    writer.put("ä\0b")
    writer.put([1, 2, 3] as [UInt8])
    #expect(writer.bytes.starts(with: [200, 0xFD, 0xFF, 0xFE, 0xFF]))
    var reader = ByteReader(writer.bytes[...])
    #expect(try reader.get(UInt8.self) == 200)
    #expect(try reader.get(Int16.self) == -3)
    #expect(try reader.get(UInt64.self) == .max - 1)
    #expect(try reader.getBool())
    #expect(try reader.getString() == "ä\0b")
    #expect(try reader.getBytes() == [1, 2, 3])
    #expect(reader.remaining == 0)
    #expect(throws: FormatError.malformed) { try reader.getBool() }
  }

  @Test func whatARecordHasMoreIsSkippedAndNobodyReadsBeyondIt() throws {
    var writer = ByteWriter()
    writer.record {
      $0.put(UInt16(7))
      $0.record { $0.put(UInt32(8)) }
      $0.put(UInt64(9))
    }
    writer.put(UInt8(10))
    var reader = ByteReader(writer.bytes[...])
    let first = try reader.record { (fields) throws(FormatError) in
      let first = try fields.get(UInt16.self)
      let second = try fields.record { (inner) throws(FormatError) in try inner.get(UInt16.self) }
      return [first, second]
    }
    #expect(first == [7, 8])
    #expect(try reader.get(UInt8.self) == 10)

    var beyond = ByteReader(writer.bytes[...])
    #expect(throws: FormatError.malformed) {
      try beyond.record { (fields) throws(FormatError) in
        try fields.skip(18)
        return try fields.get(UInt8.self)
      }
    }
  }

  @Test func aFieldThatAnOlderBuildDidNotWriteIsSeenToBeMissing() throws {
    var writer = ByteWriter()
    writer.record { $0.put(UInt16(7)) }
    var reader = ByteReader(writer.bytes[...])
    let later = try reader.record { (fields) throws(FormatError) in
      _ = try fields.get(UInt16.self)
      return fields.remaining > 0 ? try fields.get(UInt32.self) : 42
    }
    #expect(later == 42)
  }

  @Test(arguments: [[], [1], [255, 255, 255, 255], [5, 0, 0, 0, 1, 2, 3, 4]] as [[UInt8]])
  func impossibleLengthsAreRefused(bytes: [UInt8]) {
    var reader = ByteReader(bytes[...])
    #expect(throws: FormatError.malformed) { try reader.getBytes() }
    reader = ByteReader(bytes[...])
    #expect(throws: FormatError.malformed) { try reader.record { (_) in 0 } }
    reader = ByteReader(bytes[...])
    #expect(throws: FormatError.malformed) { try reader.getCount() }
    reader = ByteReader([2])
    #expect(throws: FormatError.malformed) { try reader.getBool() }
  }

  @Test func aFormatReadsItsNeighboursOnly() {
    let format = Format("ham", version: 4, needed: 3)
    #expect(format.versions == 3...4)
    for (written, needed, isRead) in [(4, 3, true), (3, 3, true), (5, 4, true), (9, 4, true), (2, 2, false), (5, 5, false)]
      as [(UInt16, UInt16, Bool)]
    {
      #expect(format.reads(FormatVersion(written: written, needed: needed)) == isRead, "\(written), \(needed)")
    }
    #expect(format.common(with: 4...5) == 4)
    #expect(format.common(with: 2...3) == 3)
    #expect(format.common(with: 5...6) == nil)
    #expect(format.common(with: 1...2) == nil)
    // The first release has none before it.
    #expect(Format("egg", version: 1, needed: 1).versions == 1...1)
  }
}
