import CLinux
import Glibc
import PupBasics
import PupSystem
import PupTestSupport
import Testing

@testable import PupCore
@testable import PupInstance

/// What the supervisor remembers, and `pup run` writes down.
@Suite struct StateGoldenTests {
  private static let record: ProcessRecord = {
    let id = ProcessID("web")
    var record = ProcessRecord(id: id)
    record.state = .up(
      .init(
        runs: [
          Run(key: RunKey(id: id, generation: 3), phase: .running(pid: 42, timeoutAt: Instant(nanoseconds: 5))),
          Run(
            key: RunKey(id: id, generation: 4),
            phase: .stopping(
              pid: 43,
              .init(actor: .consumer("ada"), stage: .grace(until: Instant(nanoseconds: 6)), killAt: Instant(nanoseconds: 7)))),
          Run(
            key: RunKey(id: id, generation: 5),
            phase: .settling(.exited(code: 3), until: Instant(nanoseconds: 8), killAt: Instant(nanoseconds: 9))),
          Run(
            key: RunKey(id: id, generation: 6),
            phase: .emptying(
              .signaled(signal: 9, dumpedCore: false),
              .init(wish: .cron, killAt: Instant(nanoseconds: 10), isKilling: true, isBackground: false))),
        ], follow: .due(.init(at: Instant(nanoseconds: 11), reason: .restartPolicy))))
    record.kept = [Run(key: RunKey(id: id, generation: 2), phase: .kept(.unknown, tellAt: nil))]
    (record.generation, record.restarts, record.generationFloor) = (6, 5, 1)
    (record.heldBy, record.blockedBy, record.startedBy, record.terminating) = (
      .consumer("ada"), .consumer("bob"), .autostart, .signal(15)
    )
    var end = RunEnd(exit: .exited(code: 1), wish: nil, wentToBackground: true)
    end.failure = "exec: no such file"
    record.lastEnd = end
    (record.started, record.exited) = (WallTime(microseconds: 100), nil)
    record.updated = WallTime(microseconds: 200)
    record.cron.slot.next = WallTime(microseconds: 300)
    record.cron.pattern = 77
    return record
  }()

  private static let slot: StateSlot = {
    var run = RunRecord(generation: 6, rowOut: 1, rowErr: RunRecord.noRow, graceNanoseconds: 3, timeoutNanoseconds: .max)
    (run.pid, run.startTime, run.initPid, run.initStartTime, run.pipeOut, run.pipeErr) = (42, 123_456, 9, 8, 7, 6)
    return StateSlot(process: "web", record: record.encoded(), runs: [run, run])
  }()

  private static let header: StateHeader = {
    var header = StateHeader()
    (header.begun, header.keeperPid, header.keeperStartTime) = (true, 42, 1 << 50)
    (header.bootID, header.cgroupBase, header.terminatedBy) = ("6f0c", "/sys/fs/cgroup/pup-1", "ada")
    return header
  }()

  @Test func recordOfAProcess() throws {
    for golden in try Golden(name: "process-record").check(Self.record.encoded()) {
      #expect(try ProcessRecord(decoding: golden) == Self.record)
    }
  }

  @Test func headerOfTheStateFile() throws {
    for golden in try Golden(name: "state-header").check(Self.header.encoded()) {
      #expect(try StateHeader(decoding: golden[...]) == Self.header)
    }
  }

  @Test func slotOfTheStateFile() throws {
    for golden in try Golden(name: "state-slot").check(Self.slot.encoded()) {
      #expect(try StateSlot(decoding: golden[...]) == Self.slot)
    }
  }

  /// With the halves and their checksums around it.
  @Test func stateFile() throws {
    let memory = try SystemError.memory(Int(StateFile.size(processes: 1)))
    defer { close(memory) }
    let file = try StateFile(descriptor: memory)
    try file.write(Self.slot, slot: 0)
    try file.write(Self.header)
    for golden in try Golden(name: "state-file").check(try SystemError.bytes(of: memory)) {
      #expect(pwrite(memory, golden, golden.count, 0) == golden.count)
      let again = try StateFile(descriptor: memory)
      #expect(try again.readHeader() == Self.header)
      #expect(try again.read(slot: 0) == Self.slot)
    }
  }

  @Test func descriptionOfTheInstance() throws {
    let description = InstanceDescription(
      configurationPath: "pup.json", directory: "/srv/ä", isAdHoc: true, configuration: Array("{}".utf8), dataDirectory: "/d",
      temporaryDirectory: "/t", runtimeDirectory: "/r", reachedAs: "/link/pup.json")
    for golden in try Golden(name: "instance").check(description.encoded()) {
      #expect(try InstanceDescription(decoding: golden) == description)
    }
  }

  @Test func runtimePointer() throws {
    let pointer = RuntimePointer(runtime: "/srv/a\nb\\c", bootID: "6f0c", madeTemporary: true)
    for golden in try Golden(name: "runtime-pointer").check(Array(pointer.text.utf8)) {
      #expect(RuntimePointer(String(decoding: golden, as: UTF8.self)) == pointer)
    }
  }

  @Test(arguments: ["pid", "ended"]) func lockFile(what: String) throws {
    let memory = try SystemError.memory(0)
    defer { close(memory) }
    if what == "pid" { InstanceLock.recordOwner(memory, pid: 4242) } else { InstanceLock.forgetOwner(memory) }
    for golden in try Golden(name: "lock-\(what)").check(try SystemError.bytes(of: memory)) {
      #expect(pwrite(memory, golden, golden.count, 0) == golden.count)
      #expect(InstanceLock.lastOwner(memory) == (what == "pid" ? .died : .ended))
    }
  }
}
