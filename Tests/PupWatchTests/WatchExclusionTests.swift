import PupTestSupport
import PupWatch
import Testing

@Suite(.timeLimit(.minutes(5))) struct WatchExclusionTests {
  /// Every file.
  private static let all = WatchOptions(intervalMilliseconds: 30, extensions: [], match: [], skip: [])

  /// What is excluded is written first; the change that is told is the one after it.
  @Test func whatPupWritesNeverCounts() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in ["state", "state/logs", "real", "src"] { try folder.makeDirectory(name) }
    try folder.link("linked", to: "real")
    try folder.write("real/target.log")
    try folder.link("to-target.log", to: "real/target.log")
    var exclusions = WatchExclusions()
    exclusions.folders = [folder.at("state"), folder.at("src/../later")]
    exclusions.files = [folder.at("x.pid"), folder.at("linked/y.pid"), folder.at("to-target.log"), folder.at("none/./z.pid")]
    exclusions.rotatedFiles = [folder.at("app.log")]
    exclusions.prefixes = [folder.at("real/.pup-edit-")]
    try await fixture.watch(["."], Self.all, excluding: exclusions)
    try folder.makeDirectory("later")
    for name in ["state/logs/a", "later/b", "x.pid", "real/y.pid", "real/target.log", "app.log", "app.log.1", "app.log-2026.gz"] {
      try folder.write(name, "own")
    }
    try folder.write("real/.pup-edit-1")
    try folder.rename("real/.pup-edit-1", "real/.pup-edit-2")
    try folder.write("src/a.py")
    #expect(await fixture.nextChange() == "src/a.py")
    try folder.delete("x.pid")
    try folder.delete("state/logs/a")
    try folder.write("app.log.old")
    #expect(await fixture.nextChange() == "app.log.old", "only names that rotation makes are meant")
  }

  @Test func pollingAndRescansLeaveItOutAsWell() async throws {
    let fixture = try WatchFixture(maximumWatches: 0)
    let folder = fixture.folder
    try folder.makeDirectory("state")
    var exclusions = WatchExclusions()
    exclusions.folders = [folder.at("state")]
    exclusions.files = [folder.at("own.log")]
    try await fixture.watch(["."], Self.all, excluding: exclusions)
    guard case .problem = await fixture.next() else { return #expect(Bool(false), "the limit is told") }
    try folder.write("state/a")
    try folder.write("own.log")
    try folder.write("b")
    #expect(await fixture.nextChange() == "b")
  }

  @Test func aWatchedPathThatIsPupsOwnIsTold() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.makeDirectory("state")
    try folder.makeDirectory("state/deep")
    try folder.write("pup.json")
    var exclusions = WatchExclusions()
    exclusions.folders = [folder.at("state")]
    exclusions.files = [folder.at("pup.json")]
    try await fixture.watch(["pup.json", "state/deep", "other"], Self.all, excluding: exclusions)
    for name in ["pup.json", "state/deep"] {
      #expect(await fixture.next() == .problem("\(folder.at(name)): Pup itself writes there, so changes in it do not count"))
    }
    _ = await fixture.next()
    try folder.write("pup.json", "new")
    try folder.write("state/deep/a")
    try folder.write("other")
    #expect(await fixture.nextChange() == "other")
  }

  @Test func hiddenFoldersAndPackagesAreLookedIntoWhereTheyAreNamed() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in [".cache", "node_modules", "node_modules/mine", ".config", ".config/.git"] { try folder.makeDirectory(name) }
    try await fixture.watch([".", "node_modules/mine", ".config"], Self.all)
    try folder.write(".cache/a")
    try folder.write("node_modules/b")
    try folder.write(".config/.git/c")
    try folder.makeDirectory(".new")
    try folder.write(".new/d")
    try folder.write("node_modules/mine/e")
    #expect(await fixture.nextChange() == "node_modules/mine/e")
    try folder.write(".config/f")
    #expect(await fixture.nextChange() == ".config/f")
    try folder.write(".env")
    #expect(await fixture.nextChange() == ".env", "a hidden file is a file")
  }
}
