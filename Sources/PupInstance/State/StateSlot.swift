internal import PupBasics
internal import PupSystem

/// One process in the state file: the core's record of it, and its runs.
package struct StateSlot: Hashable, Sendable {
  /// As many as fit beside the longest record and the longest id: more than a process may have alive, since the core drops a run
  /// before the file does.
  package static let capacity = RunLimit.remembered

  /// `ProcessRecord.encoded()`, at most 1 024 bytes.
  package var record: [UInt8]
  package var process: String
  /// At most `capacity`.
  package var runs: [RunRecord]

  package init(process: String, record: [UInt8], runs: [RunRecord]) {
    self.process = process
    self.record = record
    self.runs = runs
  }

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.put(StateFile.format) {
      $0.put(process)
      $0.put(record)
      $0.put(UInt32(runs.count))
      for run in runs { run.write(to: &$0) }
    }
    return writer.bytes
  }

  init(decoding bytes: ArraySlice<UInt8>) throws(FormatError) {
    var reader = ByteReader(bytes)
    self = try reader.read(StateFile.format) { (reader) throws(FormatError) in
      var slot = StateSlot(process: try reader.getString(), record: try reader.getBytes(), runs: [])
      for _ in 0..<(try reader.getCount()) { slot.runs.append(try RunRecord(from: &reader)) }
      return slot
    }
  }
}
