import Glibc
import PupConfig
import PupTestSupport
import Testing

@Suite struct ConfigurationFileWriteTests {
  private let old = Array("{ processes: [] }".utf8)
  private let new = Array("{ processes: [], name: 'x' }".utf8)

  private func mode(_ path: String) -> mode_t {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
  }

  @Test func aFileIsReplacedWithItsMode() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("pup.json", old, mode: 0o640)
    try ConfigurationFile.replace(path, with: new, expecting: old)
    #expect(try ConfigurationFile.read(path) == new)
    #expect(mode(path) == 0o640)
  }

  @Test func aLinkStaysALink() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("real.json", old)
    let link = folder.path + "/pup.json"
    #expect(symlink("real.json", link) == 0)
    try ConfigurationFile.replace(link, with: new, expecting: old)
    #expect(try ConfigurationFile.read(path) == new)
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func anotherEditorIsNotOverwritten() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("pup.json", new)
    #expect(throws: ConfigurationFileError.changed) { try ConfigurationFile.replace(path, with: old, expecting: old) }
    #expect(throws: ConfigurationFileError.exists) { try ConfigurationFile.create(path, old) }
    #expect(throws: ConfigurationFileError.notFound) {
      try ConfigurationFile.replace(folder.path + "/nothing", with: old, expecting: old)
    }
    #expect(try ConfigurationFile.read(path) == new)
    #expect(names(in: folder.path) == ["pup.json"])
  }

  @Test func aNewFileHasAnOrdinaryMode() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pup.json"
    try ConfigurationFile.create(path, new)
    let mask = umask(0)
    umask(mask)
    #expect(mode(path) == 0o666 & ~mask)
    #expect(names(in: folder.path) == ["pup.json"])
    #expect(throws: ConfigurationFileError.self) { try ConfigurationFile.create(folder.path + "/none/pup.json", new) }
  }

  @Test func anyNameThatAFileMayHaveCanBeReplaced() throws {
    let folder = try TemporaryFolder()
    for name in [String(repeating: "n", count: 250) + ".json", "a b\t\n'\"%#$é.json"] {
      let path = folder.path + "/" + name
      try ConfigurationFile.create(path, old)
      try ConfigurationFile.replace(path, with: new, expecting: old)
      #expect(try ConfigurationFile.read(path) == new)
    }
  }

  private func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
