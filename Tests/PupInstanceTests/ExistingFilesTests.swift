import CLinux
import Glibc
import PupBasics
import PupSystem
import PupTestSupport
import Testing

@testable import PupInstance

/// Files that a Pup has left: whose they are, and that those of another version are neither used nor removed.
@Suite(.timeLimit(.minutes(5))) struct ExistingFilesTests {
  private struct Left {
    let paths: StoragePaths
    let runtime: String

    func file(_ name: String) -> String { "\(runtime)/\(name)" }

    func save(_ name: String, _ bytes: [UInt8]) throws { try RuntimeFiles.replaceOwn(file(name), with: bytes) }

    func describe(data: String? = nil, needed: UInt16 = 1) throws {
      var bytes = InstanceDescription(
        configurationPath: "pup.json", directory: "/", isAdHoc: false, configuration: [], dataDirectory: data ?? paths.data,
        temporaryDirectory: paths.temporary, runtimeDirectory: runtime
      ).encoded()
      (bytes[0], bytes[2]) = (UInt8(needed), UInt8(needed))
      try save("instance", bytes)
    }

    /// A state of this boot, of this build or of one that needs a later reader.
    func begin(needed: UInt16 = 1) throws {
      let descriptor = try check(pup_open(file("state"), O_RDWR | O_CREAT, 0o600), "open")
      defer { close(descriptor) }
      try check(pup_allocate(descriptor, StateFile.size(processes: 64)), "fallocate")
      let state = try StateFile(descriptor: descriptor)
      var header = StateHeader()
      (header.begun, header.bootID) = (true, RuntimeFiles.bootID)
      var bytes = header.encoded()
      (bytes[0], bytes[2]) = (UInt8(needed), UInt8(needed))
      try state.write(bytes, at: 0)
    }

    func point() throws {
      let pointer = RuntimePointer(runtime: runtime, bootID: RuntimeFiles.bootID, madeTemporary: true)
      try RuntimeFiles.replaceOwn("\(paths.temporary)/\(InstanceFiles.pointer)", with: Array(pointer.text.utf8))
    }

    var content: [[UInt8]?] {
      ["instance", "state"].map { name in
        let descriptor = pup_open(file(name), O_RDONLY, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return RuntimeFiles.content(of: descriptor)
      }
    }
  }

  /// - Parameter named: in a folder that is named after the data folder, as on tmpfs; else in the temporary one.
  private func withFiles(named: Bool = false, _ body: (Left) throws -> Void) throws {
    let folder = try TemporaryFolder()
    let paths = StoragePaths(name: "pup.json", directory: folder.path, workingDirectory: "/")
    let folders = try StorageFolders(paths, configuration: folder.path)
    try #require(folders.temporary != nil)
    let candidates = RuntimeFiles.candidates(paths)
    let runtime = try #require(named ? candidates.first : candidates.last)
    try #require(RuntimeFiles.ensureOwnFolder(runtime))
    defer { FolderRemoval.remove(runtime) }
    try body(Left(paths: paths, runtime: runtime))
  }

  private func expectRefusal(_ left: Left, of name: String) throws {
    let before = left.content
    let folders = try StorageFolders(left.paths, configuration: nil)
    let need = RuntimeFiles.Need(processes: 1, sinkBytes: 4096)
    for attempt in 0..<2 {
      let error = #expect(throws: InstanceError.self) {
        if attempt == 0 {
          _ = try RuntimeFiles.existingDirectory(left.paths)
        } else {
          _ = try RuntimeFiles.open(left.paths, folders, need) { _ in
            Issue.record("nothing may be written")
            return InstanceDescription(
              configurationPath: "", directory: "", isAdHoc: true, configuration: [], dataDirectory: "", temporaryDirectory: "",
              runtimeDirectory: "")
          }
        }
      }
      #expect(error?.kind == .otherVersion)
      #expect(error?.message.contains("\(left.runtime)/\(name): ") == true, "\(error?.message ?? "")")
      #expect(error?.message.contains("version 9") == true)
    }
    #expect(left.content == before)
  }

  @Test func thoseOfThisBuildAreFoundWithAndWithoutTheirPointer() throws {
    try withFiles { left in
      try left.describe()
      try left.begin()
      #expect(try RuntimeFiles.existingDirectory(left.paths) == left.runtime)
      try left.point()
      #expect(try RuntimeFiles.existingDirectory(left.paths) == left.runtime)
      try left.describe(data: "/elsewhere")
      unlink("\(left.paths.temporary)/\(InstanceFiles.pointer)")
      #expect(try RuntimeFiles.existingDirectory(left.paths) == nil, "a copy of another project's")
    }
  }

  @Test(arguments: [false, true]) func aDescriptionOfALaterBuildIsRefusedAndKept(hasPointer: Bool) throws {
    try withFiles { left in
      try left.describe(needed: 9)
      try left.begin()
      if hasPointer { try left.point() }
      try expectRefusal(left, of: "instance")
    }
  }

  @Test func aStateOfALaterBuildIsRefusedAndKeptWhereItsPointerWasLost() throws {
    try withFiles { left in
      try left.describe()
      try left.begin(needed: 9)
      try expectRefusal(left, of: "state")
    }
  }

  /// The folder's name says whose it is.
  @Test func aStateWhoseDescriptionWasLostIsKept() throws {
    try withFiles(named: true) { left in
      try left.begin()
      #expect(try RuntimeFiles.existingDirectory(left.paths) == left.runtime)
      try left.save("instance", [1, 2, 3])
      #expect(try RuntimeFiles.existingDirectory(left.paths) == left.runtime)
    }
  }
}
