internal import PupBasics
internal import PupSystem

/// Everything that a keeper leaves for the one after its exec: the whole of what is in the memfd.
struct KeeperMemory {
  /// A keeper is asked at `--check` what it reads, since there is no way back from the exec.
  static let format = Format("state of the keeper", version: 1, needed: 1)

  var state: KeeperState
  var brain: Brain?
  var entries: [Entry]

  init(state: KeeperState, brain: Brain?, entries: [Entry]) {
    (self.state, self.brain, self.entries) = (state, brain, entries)
  }

  func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.put(Self.format, writeFields)
    return writer.bytes
  }

  private func writeFields(to writer: inout ByteWriter) {
    state.write(to: &writer)
    writer.put(brain != nil)
    if let brain { brain.write(to: &writer) }
    writer.put(UInt32(entries.count))
    for entry in entries { entry.write(to: &writer) }
  }

  init(decoding bytes: [UInt8]) throws(FormatError) {
    var reader = ByteReader(bytes[...])
    self = try reader.read(Self.format) { (reader) throws(FormatError) in try Self(fieldsFrom: &reader) }
  }

  private init(fieldsFrom reader: inout ByteReader) throws(FormatError) {
    state = try KeeperState(from: &reader)
    brain = try reader.getBool() ? try Brain.read(from: &reader) : nil
    entries = []
    for _ in 0..<(try reader.getCount()) { entries.append(try Entry(from: &reader)) }
  }
}
