internal import PupSystem

/// One process in the state file: the core's record of it, and its runs.
package struct StateSlot: Hashable, Sendable {
  /// So many fit beside the longest record and the longest id.
  package static let mostRuns = 24

  /// `ProcessRecord.encoded()`, at most 1 024 bytes.
  package var record: [UInt8]
  package var process: String
  /// At most `mostRuns`.
  package var runs: [RunRecord]

  package init(process: String, record: [UInt8], runs: [RunRecord]) {
    self.process = process
    self.record = record
    self.runs = runs
  }

  func encoded() -> [UInt8] {
    var writer = PacketWriter()
    writer.put(process)
    writer.put(record)
    writer.put(UInt8(truncatingIfNeeded: runs.count))
    for run in runs { run.write(to: &writer) }
    return writer.bytes
  }

  init(decoding bytes: ArraySlice<UInt8>) throws(PacketReader.Malformed) {
    var reader = PacketReader(bytes)
    process = try reader.getString()
    record = try reader.getBytes()
    runs = []
    for _ in 0..<(try reader.get(UInt8.self)) { runs.append(try RunRecord(from: &reader)) }
  }
}
