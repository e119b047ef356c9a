package import PupBasics

/// How a supervisor greets the keeper. Fields are only ever added, so that any two builds understand each other this far.
package struct Hello: Hashable, Sendable {
  /// The protocol versions that it speaks.
  package var speaks: ClosedRange<UInt16>
  /// The version of the spawn specifications that it writes.
  package var specification: FormatVersion
  package var build: String
  package var standby: Bool

  package init(build: String, standby: Bool) {
    speaks = ProtocolFormat.messages.versions
    specification = ProtocolFormat.specification.current
    self.build = build
    self.standby = standby
  }

  /// Why the two cannot work together.
  package struct Mismatch: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String
  }

  /// What the keeper of this build answers.
  /// - Returns: the protocol that both speak from here on.
  package func agreed() throws(Mismatch) -> UInt16 {
    let (messages, specification) = (ProtocolFormat.messages, ProtocolFormat.specification)
    guard let common = messages.common(with: speaks) else {
      throw Mismatch(
        description: "the supervisor (\(build)) speaks \(messages.name) \(Format.words(speaks)) and this keeper "
          + Format.words(messages.versions))
    }
    do throws(FormatError) {
      try specification.check(self.specification)
    } catch {
      throw Mismatch(
        description: "the supervisor (\(build)) writes \(specification.name)s of version \(self.specification.written), which "
          + "need a keeper that reads version \(self.specification.needed) or later; this keeper reads "
          + Format.words(specification.versions))
    }
    return common
  }

  func write(to writer: inout ByteWriter) {
    writer.put(speaks)
    specification.write(to: &writer)
    writer.put(build)
    writer.put(standby)
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    speaks = try reader.getVersions()
    specification = try FormatVersion(from: &reader)
    build = try reader.getString()
    standby = try reader.getBool()
  }
}

extension ByteWriter {
  mutating func put(_ versions: ClosedRange<UInt16>) {
    put(versions.lowerBound)
    put(versions.upperBound)
  }
}

extension ByteReader {
  mutating func getVersions() throws(FormatError) -> ClosedRange<UInt16> {
    let (lowest, highest) = (try get(UInt16.self), try get(UInt16.self))
    guard lowest > 0, lowest <= highest else { throw .malformed }
    return lowest...highest
  }
}
