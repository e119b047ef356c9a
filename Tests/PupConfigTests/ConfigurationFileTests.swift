import Glibc
import PupConfig
import PupTestSupport
import Testing

@Suite struct ConfigurationFileTests {
  @Test func readsAFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("pup.json", Array("{ processes: [] }".utf8))
    #expect(try ConfigurationFile.read(path) == Array("{ processes: [] }".utf8))
  }

  @Test func tellsWhyNot() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write("empty", [])
    let binary = try folder.write("binary", [0x7B, 0, 0x7D])
    let huge = try folder.write("huge", [UInt8](repeating: 0x20, count: JSON5Document.sizeLimit + 1))
    let pipe = folder.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: ConfigurationFileError.notFound) { try ConfigurationFile.read(folder.path + "/nothing") }
    #expect(throws: ConfigurationFileError.notFound) { try ConfigurationFile.read(empty + "/below") }
    #expect(throws: ConfigurationFileError.notFound) { try ConfigurationFile.read("a\0b") }
    #expect(throws: ConfigurationFileError.isDirectory) { try ConfigurationFile.read(folder.path) }
    #expect(throws: ConfigurationFileError.empty) { try ConfigurationFile.read(empty) }
    #expect(throws: ConfigurationFileError.binary) { try ConfigurationFile.read(binary) }
    #expect(throws: ConfigurationFileError.tooLarge(bytes: JSON5Document.sizeLimit + 1)) { try ConfigurationFile.read(huge) }
    #expect(throws: ConfigurationFileError.notRegular) { try ConfigurationFile.read(pipe) }
    #expect(throws: ConfigurationFileError.notRegular) { try ConfigurationFile.read("/dev/zero") }
  }

  @Test(.enabled(if: geteuid() != 0, "root reads every file")) func tellsAMissingPermission() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("secret", [0x7B], mode: 0)
    #expect(throws: ConfigurationFileError.unreadable(errno: EACCES)) { try ConfigurationFile.read(path) }
  }

  @Test func errorsSayWhatWhereAndTheWayOut() {
    let errors: [ConfigurationFileError] = [
      .notFound, .unreadable(errno: EACCES), .isDirectory, .notRegular, .empty, .tooLarge(bytes: 9), .binary,
    ]
    for error in errors {
      let text = error.rendered(file: "x/pup.json")
      #expect(text.hasPrefix("x/pup.json: error: ") && text.contains("; "))
    }
  }

  @Test func findsTheConfigurationOfAFolder() throws {
    let folder = try TemporaryFolder()
    #expect(ConfigurationFile.discover(in: folder.path) == nil)
    try folder.write("pup.jsonc", [0x7B])
    #expect(ConfigurationFile.discover(in: folder.path) == folder.path + "/pup.jsonc")
    try folder.write("pup.json", [0x7B])
    #expect(ConfigurationFile.discover(in: folder.path) == folder.path + "/pup.json")
  }

  @Test func knowsWhatStandsAtAPath() throws {
    let folder = try TemporaryFolder()
    let machine = SystemConfigurationEnvironment(variables: [:])
    #expect(machine.entry(at: folder.path) == .directory(isWritable: true))
    #expect(machine.entry(at: folder.path + "/no") == nil)
    #expect(machine.entry(at: try folder.write("plain", [0x61])) == .file(isWritable: true, program: .notExecutable))
    #expect(
      machine.entry(at: try folder.write("text", Array("echo".utf8), mode: 0o755)) == .file(isWritable: true, program: .shellText)
    )
    #expect(
      machine.entry(at: try folder.write("script", Array("#!/bin/sh".utf8), mode: 0o755))
        == .file(isWritable: true, program: .executable))
    #expect(machine.entry(at: "/dev/null") == .other)
    guard case .file(isWritable: _, program: .executable) = machine.entry(at: "/bin/sh") else {
      Issue.record("/bin/sh is a program")
      return
    }
  }
}
