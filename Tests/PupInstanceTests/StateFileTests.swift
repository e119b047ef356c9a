import CLinux
import Glibc
import PupBasics
import PupSystem
import PupTestSupport
import Testing

@testable import PupInstance

@Suite struct StateFileTests {
  private func memory(processes: Int) throws -> Int32 {
    let memory = try check(pup_memfd("test"), "memfd")
    try check(pup_allocate(memory, StateFile.size(processes: processes)), "fallocate")
    return memory
  }

  private func slot(_ text: String, runs: Int) -> StateSlot {
    let records = (0..<runs).map { index in
      var run = RunRecord(
        generation: UInt32(index), rowOut: 1, rowErr: 2, graceNanoseconds: 3, timeoutNanoseconds: .max)
      (run.pid, run.startTime, run.initPid) = (Int32(index), 123_456, 9)
      return run
    }
    return StateSlot(process: text, record: [UInt8](repeating: 0xAB, count: 1024), runs: records)
  }

  @Test func theFullestSlotComesBackAsItWas() throws {
    let memory = try memory(processes: 2)
    defer { close(memory) }
    let content = slot(String(repeating: "x", count: 70), runs: StateSlot.capacity)
    try StateFile(descriptor: memory).write(content, slot: 1)
    let later = try StateFile(descriptor: memory)
    #expect(later.capacity == 2)
    #expect(try later.read(slot: 1) == content)
    #expect(try later.read(slot: 0) == nil)
    #expect(try later.read(slot: 2) == nil)
  }

  @Test func thereIsRoomForFieldsOfLaterBuilds() {
    let bytes = slot(String(repeating: "x", count: 70), runs: StateSlot.capacity).encoded()
    #expect(Int(StateFile.size(processes: 0)) / 2 - bytes.count > StateSlot.capacity * 24)
  }

  @Test func aFileKeepsTheSizeOfItsPlacesInOtherBuilds() throws {
    let memory = try memory(processes: 8)
    defer { close(memory) }
    // As another build has made it, with places of 2 × 2 048 bytes.
    var head = ByteWriter()
    head.put(0x3154_5350 as UInt32)
    head.put(2048 as UInt32)
    pwrite(memory, head.bytes, head.bytes.count, 0)
    let file = try StateFile(descriptor: memory)
    #expect(file.capacity == Int(StateFile.size(processes: 8)) / 4096 - 1)
    try file.write(StateHeader())
    try file.write(slot("web", runs: 2), slot: 1)
    #expect(throws: SystemError.self) { try file.write(slot("web", runs: 24), slot: 1) }
    #expect(try StateFile(descriptor: memory).read(slot: 1)?.runs.count == 2)
  }

  @Test func whatNeedsALaterReaderIsRefusedByNameAndNotTakenForEmpty() throws {
    var bytes = slot("web", runs: 1).encoded()
    (bytes[0], bytes[2]) = (9, 1)
    // Later, but nothing in it has to be understood.
    #expect(try StateSlot(decoding: bytes[...]).process == "web")
    bytes[2] = 9
    let refusal = FormatError.otherVersion(format: "state file", has: FormatVersion(written: 9, needed: 9), reads: 1...1)
    #expect(throws: refusal) { try StateSlot(decoding: bytes[...]) }
    #expect(
      "\(refusal)" == "state file: written in version 9, which needs a reader of version 9 or later; this build reads version 1")
    var header = StateHeader().encoded()
    (header[0], header[2]) = (9, 9)
    #expect(throws: refusal) { try StateHeader(decoding: header[...]) }
  }

  @Test func theLatestOfManyWritesCounts() throws {
    let memory = try memory(processes: 1)
    defer { close(memory) }
    let file = try StateFile(descriptor: memory)
    for count in 0..<10 { try file.write(slot("web", runs: count), slot: 0) }
    #expect(try StateFile(descriptor: memory).read(slot: 0)?.runs.count == 9)
    try file.clear(slot: 0)
    #expect(try StateFile(descriptor: memory).read(slot: 0) == nil)
  }

  /// A brain that is killed in the middle of a write leaves a half that fails its checksum: the other one is in force.
  @Test func aTornWriteLeavesTheOneBefore() throws {
    let memory = try memory(processes: 1)
    defer { close(memory) }
    let file = try StateFile(descriptor: memory)
    try file.write(slot("old", runs: 1), slot: 0)
    var before = [UInt8](repeating: 0, count: 14336)
    pread(memory, &before, before.count, 0)
    try file.write(slot("new", runs: 2), slot: 0)
    var after = [UInt8](repeating: 0, count: 14336)
    pread(memory, &after, after.count, 0)
    let changed = after.indices.filter { after[$0] != before[$0] }
    let first = try #require(changed.first)
    let last = try #require(changed.last)
    for cut in stride(from: first, to: last, by: 7) {
      var torn = before
      torn[first..<cut] = after[first..<cut]
      pwrite(memory, torn, torn.count, 0)
      let process = try StateFile(descriptor: memory).read(slot: 0)?.process
      #expect(process == "old" || process == "new")
    }
  }

  @Test func theHeaderComesBackAsItWas() throws {
    let memory = try memory(processes: 1)
    defer { close(memory) }
    var header = StateHeader()
    (header.begun, header.keeperPid, header.keeperStartTime, header.bootID) = (true, 42, 1 << 50, "b")
    try StateFile(descriptor: memory).write(header)
    #expect(try StateFile(descriptor: memory).readHeader() == header)
  }

  @Test func whatDoesNotFitIsAnErrorAndChangesNothing() throws {
    let memory = try memory(processes: 1)
    defer { close(memory) }
    let file = try StateFile(descriptor: memory)
    try file.write(slot("web", runs: 1), slot: 0)
    #expect(throws: SystemError.self) { try file.write(slot("web", runs: 60), slot: 0) }
    #expect(throws: SystemError.self) { try file.write(slot("web", runs: 1), slot: 1) }
    #expect(try file.read(slot: 0)?.runs.count == 1)
  }

  @Test func garbageIsAnEmptyFile() throws {
    let memory = try memory(processes: 4)
    defer { close(memory) }
    var random = SeededGenerator(seed: 23)
    for _ in 0..<50 {
      let bytes = (0..<7168 * 5).map { _ in UInt8.random(in: 0...255, using: &random) }
      pwrite(memory, bytes, bytes.count, 0)
      let file = try StateFile(descriptor: memory)
      #expect(try (0..<4).allSatisfy { try file.read(slot: $0) == nil })
      #expect(try file.readHeader() == StateHeader())
    }
  }
}
