import Glibc
import PupConfig
import PupTestSupport
import Testing

@Suite struct ConfigurationLockTests {
  private static let text = Array("{ processes: [] }".utf8)

  /// What `pup append` does, without its messages.
  private static func append(_ id: String, to path: String) throws {
    let lock = try ConfigurationLock(path)
    let old = try ConfigurationFile.read(path)
    try ConfigurationFile.replace(path, with: try ConfigurationEdit.append(AdHocOptions.example(id), to: old), expecting: old)
    lock.release()
  }

  @Test(.timeLimit(.minutes(5))) func editsAtTheSameTimeAllLand() async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("pup.json", Self.text)
    let link = folder.path + "/link.json"
    #expect(symlink("pup.json", link) == 0)
    // Tasks exclude each other just as processes do: a flock(2) belongs to the open file description.
    try await withThrowingTaskGroup { group in
      for number in 0..<8 {
        group.addTask {
          for round in 0..<4 { try Self.append("p\(number)-\(round)", to: number % 2 == 0 ? path : link) }
        }
      }
      try await group.waitForAll()
    }
    let report = PupConfiguration.load(
      bytes: try ConfigurationFile.read(path), path: "pup.json", directory: folder.path, environment: StubEnvironment(),
      checkingFiles: false)
    #expect(report.configuration?.processes.count == 32)
  }

  @Test func theWaitIsBounded() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("pup.json", Self.text)
    let lock = try ConfigurationLock(path)
    #expect(throws: ConfigurationFileError.locked(seconds: 0)) { _ = try ConfigurationLock(path, patience: 0) }
    lock.release()
    _ = try ConfigurationLock(path, patience: 0)
  }

  @Test func whatCannotBeLockedIsSaid() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ConfigurationFileError.notFound) { _ = try ConfigurationLock(folder.path + "/none.json") }
    #expect(throws: ConfigurationFileError.isDirectory) { _ = try ConfigurationLock(folder.path) }
  }
}
