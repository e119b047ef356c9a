/// A format that outlives a process or is exchanged between builds, as this build knows it. The first released version is 1.
package struct Format: Hashable, Sendable {
  /// For people: "state file".
  package let name: String
  /// What this build reads. The highest is what it writes; the lowest is the one before, or `oldest`.
  package let versions: ClosedRange<UInt16>
  /// The version that this build writes.
  package let current: FormatVersion

  /// - Parameters:
  ///   - needed: the lowest version of a reader that reads what this build writes without harm.
  ///   - oldest: the lowest version that is read, of what stays as it was written while one build after the other takes it over.
  ///     Nil where every build writes its own: the version before is read then, and none before that.
  package init(_ name: String, version: UInt16, needed: UInt16, oldest: UInt16? = nil) {
    let version = version + LaterBuild.ahead
    self.name = name
    versions = min(oldest ?? max(1, version - 1), version)...version
    current = FormatVersion(written: version, needed: oldest == nil ? needed : LaterBuild.needed(needed, of: version))
  }

  package func reads(_ other: FormatVersion) -> Bool { Self.canRead(other, with: versions) }

  /// Whether a reader of these versions reads what has this one.
  package static func canRead(_ other: FormatVersion, with versions: ClosedRange<UInt16>) -> Bool {
    other.needed <= versions.upperBound && other.written >= versions.lowerBound
  }

  package func check(_ other: FormatVersion) throws(FormatError) {
    guard reads(other) else { throw .otherVersion(format: name, has: other, reads: versions) }
  }

  /// The highest version supported by both sides.
  package func common(with other: ClosedRange<UInt16>) -> UInt16? {
    let highest = min(versions.upperBound, other.upperBound)
    return highest >= max(versions.lowerBound, other.lowerBound) ? highest : nil
  }

  /// "version 1", "versions 1 to 2".
  package static func words(_ versions: ClosedRange<UInt16>) -> String {
    versions.count == 1 ? "version \(versions.lowerBound)" : "versions \(versions.lowerBound) to \(versions.upperBound)"
  }
}

// MARK: - Stored as a whole

extension ByteWriter {
  /// The version, then one record.
  package mutating func put(_ format: Format, _ fields: (inout ByteWriter) -> Void) {
    format.current.write(to: &self)
    record(fields)
  }
}

extension ByteReader {
  package mutating func read<Result>(
    _ format: Format, _ fields: (inout ByteReader) throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    try format.check(try FormatVersion(from: &self))
    return try record(fields)
  }
}
