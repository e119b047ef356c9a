import CLinux
import Glibc
import PupBasics
import PupInstance
import PupLogs
import PupSystem
import PupTestSupport
import Testing

@testable import PupCommandLine

/// What `pup run` finds of a Pup that was killed, before it starts anything.
@Suite struct LeftFilesTests {
  private static let later = FormatVersion(written: 9, needed: 9)

  /// The shared files of an instance whose Pup is dead, as this build writes them; `body` may change them.
  private func withFiles(_ body: (_ paths: StoragePaths, _ runtime: String) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let paths = StoragePaths(name: "pup.json", directory: folder.path, workingDirectory: "/")
    let folders = try StorageFolders(paths, configuration: folder.path)
    // Outside of the shared places of this machine.
    let runtime = "\(paths.temporary)/.main.run"
    try #require(mkdir(runtime, 0o700) == 0)
    let pointer = RuntimePointer(runtime: runtime, bootID: RuntimeFiles.bootID, madeTemporary: true)
    try #require(folders.temporary).save(InstanceFiles.pointer, Array(pointer.text.utf8))
    let state = try make("\(runtime)/state", StateFile.size(processes: 4))
    defer { close(state) }
    var header = StateHeader()
    (header.begun, header.bootID) = (true, RuntimeFiles.bootID)
    try StateFile(descriptor: state).write(header)
    let description = InstanceDescription(
      configurationPath: "pup.json", directory: folder.path, isAdHoc: false, configuration: [], dataDirectory: paths.data,
      temporaryDirectory: paths.temporary, runtimeDirectory: runtime)
    try RuntimeFiles.replaceOwn("\(runtime)/instance", with: description.encoded())
    let streams = try make("\(runtime)/streams", StreamLedger.size(rows: 4))
    defer { close(streams) }
    _ = try StreamLedger(descriptor: streams, rows: 4)
    let sinks = try make("\(runtime)/sinks", 0)
    defer { close(sinks) }
    _ = try SinkLedger(descriptor: sinks)
    try body(paths, runtime)
  }

  private func make(_ path: String, _ size: Int64) throws -> Int32 {
    let descriptor = try check(pup_open(path, O_RDWR | O_CREAT, 0o600), "open \(path)")
    if size > 0 { try check(pup_allocate(descriptor, size), "fallocate") }
    return descriptor
  }

  @Test func thoseOfThisBuildAreTaken() throws {
    try withFiles { paths, _ in #expect(throws: Never.self) { try LeftFiles.check(paths) } }
  }

  @Test(arguments: ["streams", "sinks"]) func aLedgerOfALaterBuildIsRefusedByName(name: String) throws {
    try withFiles { paths, runtime in
      let file = pup_open("\(runtime)/\(name)", O_RDWR, 0)
      defer { close(file) }
      var writer = ByteWriter()
      Self.later.write(to: &writer)
      #expect(pwrite(file, writer.bytes, writer.bytes.count, 8) == writer.bytes.count)
      let error = #expect(throws: InstanceError.self) { try LeftFiles.check(paths) }
      #expect(error?.kind == .otherVersion)
      #expect(error?.message.hasPrefix("\(runtime)/\(name): ") == true && error?.message.contains("version 9") == true)
    }
  }

  @Test func aRecordOfALaterBuildIsRefusedByNameAndADamagedOneIsLeftBehind() throws {
    try withFiles { paths, runtime in
      let file = pup_open("\(runtime)/state", O_RDWR, 0)
      defer { close(file) }
      let state = try StateFile(descriptor: file)
      try state.write(StateSlot(process: "web", record: [1, 2, 3], runs: []), slot: 0)
      #expect(throws: Never.self) { try LeftFiles.check(paths) }
      var writer = ByteWriter()
      Self.later.write(to: &writer)
      writer.record { $0.put(1 as UInt8) }
      try state.write(StateSlot(process: "web", record: writer.bytes, runs: []), slot: 1)
      let error = #expect(throws: InstanceError.self) { try LeftFiles.check(paths) }
      #expect(error?.kind == .otherVersion)
      #expect(error?.message.contains("record of a process: written in version 9") == true, "\(error?.message ?? "")")
    }
  }
}
