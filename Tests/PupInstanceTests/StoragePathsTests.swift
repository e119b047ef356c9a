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

  @Test func theTemporaryFolderFollowsTheDataFolder() {
    let paths = StoragePaths(name: "pup.json", directory: "/etc/pup", dataOverride: "/var/lib/pup", workingDirectory: "/")
    #expect(paths.temporary == "/var/lib/pup/tmp")
  }
}
