import CLinux
import Glibc
import PupInstance
import PupSystem
import PupTestSupport
import Testing

@testable import PupCore
@testable import PupDaemon

/// What the state file is told, and what is said where it cannot be.
@Suite struct RecorderTests {
  private func file(readOnly: Bool = false) throws -> (StateFile, Int32) {
    let memory = try check(pup_memfd("state"), "memfd")
    try check(pup_allocate(memory, StateFile.size(processes: 1)), "fallocate")
    guard readOnly else { return (try StateFile(descriptor: memory), memory) }
    defer { close(memory) }
    let other = try check(pup_open("/proc/self/fd/\(memory)", O_RDONLY, 0), "open")
    return (try StateFile(descriptor: other), other)
  }

  private let process = ManagedProcess(id: ProcessID("web"), slot: 0, configuration: nil)

  @Test func aFailureIsNewsOnce() throws {
    let (file, descriptor) = try file(readOnly: true)
    defer { close(descriptor) }
    var recorder = Recorder(file)
    #expect(recorder.save(process)?.errno == EBADF)
    #expect(recorder.save(process) == nil)
  }

  @Test func theHeaderIsWrittenWhereItHasChanged() throws {
    let (file, descriptor) = try file()
    defer { close(descriptor) }
    var recorder = Recorder(file)
    var header = StateHeader()
    header.begun = true
    recorder.saveHeaderIfChanged { header }
    #expect(try file.readHeader() == header)
    recorder.saveHeaderIfChanged { StateHeader() }
    #expect(try file.readHeader() == header)
    header.terminatedBy = "ada"
    recorder.headerChanged()
    recorder.saveHeaderIfChanged { header }
    #expect(try file.readHeader() == header)
  }

  @Test func aPlaceIsEmptied() throws {
    let (file, descriptor) = try file()
    defer { close(descriptor) }
    var recorder = Recorder(file)
    #expect(recorder.save(process) == nil)
    #expect(try file.read(slot: 0)?.process == "web")
    recorder.clear(slot: 0)
    #expect(try file.read(slot: 0) == nil)
  }
}
