internal import PupBasics
internal import PupSystem

/// What a keeper tells itself through an exec, apart from its brain and its runs.
struct KeeperState {
  var terminateSignal: Int32 = 0
  var terminateCount = 0
  var interrupts = 0
  var terminateAskedAt: Int64 = 0
  var hangUpPending = false
  var predecessors: UInt32 = 0
  var lastDeath = ""
  var health = BrainHealth()
  var originalOOMScore: Int32 = 0
  var restartBrainAt: Int64?
  /// Children that are nobody's.
  var inherited: Set<Int32> = []
  var strays: [EntryKey: Set<Stray>] = [:]
  var lost: Set<Stray> = []
  var lastGeneration: [UInt32: UInt32] = [:]
  var cgroupsToRemove: [String] = []
  var store = DescriptorStore()

  init() {}

  func write(to writer: inout ByteWriter) { writer.record(writeFields) }

  private func writeFields(to writer: inout ByteWriter) {
    writer.put(terminateSignal)
    writer.put(UInt64(terminateCount))
    writer.put(UInt64(interrupts))
    writer.put(terminateAskedAt)
    writer.put(hangUpPending)
    writer.put(predecessors)
    writer.put(lastDeath)
    health.write(to: &writer)
    writer.put(originalOOMScore)
    writer.put(restartBrainAt ?? -1)
    writer.put(UInt32(inherited.count))
    for pid in inherited.sorted() { writer.put(pid) }
    writer.put(UInt32(strays.count))
    for (key, known) in strays.sorted(by: { ($0.key.slot, $0.key.generation) < ($1.key.slot, $1.key.generation) }) {
      key.write(to: &writer)
      Self.put(known, to: &writer)
    }
    Self.put(lost, to: &writer)
    writer.put(UInt32(lastGeneration.count))
    for (slot, generation) in lastGeneration.sorted(by: { $0.key < $1.key }) {
      writer.put(slot)
      writer.put(generation)
    }
    writer.put(UInt32(cgroupsToRemove.count))
    for name in cgroupsToRemove { writer.put(name) }
    store.write(to: &writer)
  }

  init(from reader: inout ByteReader) throws(FormatError) {
    self = try reader.record { (reader) throws(FormatError) in try Self(fieldsFrom: &reader) }
  }

  private init(fieldsFrom reader: inout ByteReader) throws(FormatError) {
    terminateSignal = try reader.get()
    terminateCount = Int(truncatingIfNeeded: try reader.get(UInt64.self))
    interrupts = Int(truncatingIfNeeded: try reader.get(UInt64.self))
    terminateAskedAt = try reader.get()
    hangUpPending = try reader.getBool()
    predecessors = try reader.get()
    lastDeath = try reader.getString()
    health = try BrainHealth(from: &reader)
    originalOOMScore = try reader.get()
    let restart = try reader.get(Int64.self)
    restartBrainAt = restart < 0 ? nil : restart
    for _ in 0..<(try reader.getCount()) { inherited.insert(try reader.get()) }
    for _ in 0..<(try reader.getCount()) { strays[try EntryKey(from: &reader)] = try Self.readStrays(&reader) }
    lost = try Self.readStrays(&reader)
    for _ in 0..<(try reader.getCount()) { lastGeneration[try reader.get()] = try reader.get(UInt32.self) }
    for _ in 0..<(try reader.getCount()) { cgroupsToRemove.append(try reader.getString()) }
    store = try DescriptorStore(from: &reader)
  }

  private static func put(_ strays: Set<Stray>, to writer: inout ByteWriter) {
    writer.put(UInt32(strays.count))
    for stray in strays.sorted(by: { $0.pid < $1.pid }) {
      writer.put(stray.pid)
      writer.put(stray.startTime)
    }
  }

  private static func readStrays(_ reader: inout ByteReader) throws(FormatError) -> Set<Stray> {
    var strays: Set<Stray> = []
    for _ in 0..<(try reader.getCount()) { strays.insert(Stray(pid: try reader.get(), startTime: try reader.get())) }
    return strays
  }
}
