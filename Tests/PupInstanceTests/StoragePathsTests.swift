import Testing

@testable import PupInstance

@Suite struct StoragePathsTests {
  @Test func theyLieBesideTheConfiguration() {
    let paths = StoragePaths(name: "pup.json", directory: "/srv/app", workingDirectory: "/")
    #expect(paths.data == "/srv/app/.pup/pup.json-data")
    #expect(paths.temporary == "/srv/app/.pup/pup.json-tmp")
    #expect(paths.logs == "/srv/app/.pup/pup.json-data/logs")
  }

  @Test func bothCanBeMoved() {
    let paths = StoragePaths(
      name: "pup.json", directory: "/srv/app", dataOverride: "state", temporaryOverride: "/tmp/x", workingDirectory: "/here")
    #expect(paths.data == "/here/state")
    #expect(paths.temporary == "/tmp/x")
  }

  /// A slash and a combining accent behind it are one character for Swift.
  @Test func namesMayBeginWithAnAccent() throws {
    let paths = StoragePaths(name: "\u{301}x.json", directory: "/srv", dataOverride: "/\u{301}data", workingDirectory: "/here")
    #expect(paths.data.utf8.elementsEqual("/\u{301}data".utf8) && paths.temporary.utf8.elementsEqual("/\u{301}data/tmp".utf8))
    let beside = StoragePaths(name: "\u{301}x.json", directory: "/srv", workingDirectory: "/")
    #expect(beside.ownFolders == ["/srv/.pup", "/srv/.pup/\u{301}x.json-data"])
  }

  @Test func theTemporaryFolderFollowsTheDataFolder() {
    let paths = StoragePaths(name: "pup.json", directory: "/etc/pup", dataOverride: "/var/lib/pup", workingDirectory: "/")
    #expect(paths.temporary == "/var/lib/pup/tmp")
  }
}
