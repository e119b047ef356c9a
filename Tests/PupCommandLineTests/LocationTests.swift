import Glibc
import Testing

@testable import PupCommandLine

@Suite struct LocationTests {
  @Test func theTemporaryFolderBesideIsFound() throws {
    var template = Array("/tmp/pup-location-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer {
      rmdir(folder + "/a-tmp")
      rmdir(folder)
    }
    #expect(Location.temporaryBeside(folder + "/a-data") == nil, "there is none")
    #expect(mkdir(folder + "/a-tmp", 0o700) == 0)
    #expect(Location.temporaryBeside(folder + "/a-data") == folder + "/a-tmp")
    #expect(Location.temporaryBeside(folder + "/a-data//") == folder + "/a-tmp")
    #expect(Location.temporaryBeside(folder + "/a") == nil)
    #expect(Location.temporaryBeside("-data") == nil && Location.temporaryBeside("") == nil)
  }
}
