import PupTestSupport
import PupWatch
import Testing

@Suite(.timeLimit(.minutes(5))) struct FileWatcherRootTests {
  @Test func aPathThatDoesNotExistIsToldOnceAndPickedUp() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try await fixture.watch(["a/b/c"])
    let text = "\(folder.path)/a/b/c does not exist; it will be watched as soon as it appears"
    #expect(await fixture.next() == .problem(text))
    try folder.makeDirectory("a")
    try folder.makeDirectory("a/b")
    try folder.makeDirectory("a/b/c")
    try folder.write("a/b/c/x.ts")
    #expect(await fixture.nextChange() == "a/b/c/x.ts")
    try folder.write("a/b/c/y.ts")
    #expect(await fixture.nextChange() == "a/b/c/y.ts")
  }

  @Test func aWatchedDirectoryThatIsDeletedAndMadeAgain() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.makeDirectory("a")
    try folder.makeDirectory("a/src")
    try folder.write("a/src/x.ts")
    try await fixture.watch(["a/src"])
    for _ in 0..<3 {
      try folder.delete("a/src/x.ts")
      #expect(await fixture.nextChange() == "a/src/x.ts")
      try folder.deleteDirectory("a/src")
      try folder.deleteDirectory("a")
      try folder.makeDirectory("a")
      try folder.makeDirectory("a/src")
      try folder.write("a/src/x.ts")
      #expect(await fixture.nextChange() == "a/src/x.ts")
    }
  }

  @Test func aDirectoryAboveThatIsRenamed() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in ["a", "a/b", "a/b/c"] { try folder.makeDirectory(name) }
    try folder.write("a/b/c/x.ts")
    try await fixture.watch(["a/b/c"])
    try folder.rename("a", "old")
    #expect(await fixture.nextChange() == "a/b/c")
    try folder.write("old/b/c/x.ts", "not watched")
    for name in ["a", "a/b", "a/b/c"] { try folder.makeDirectory(name) }
    try folder.write("a/b/c/y.ts")
    #expect(await fixture.nextChange() == "a/b/c/y.ts")
  }

  @Test(arguments: ["current", "current/src"])
  func aSymbolicLinkThatIsTurnedToAnotherDirectory(path: String) async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for release in ["1", "2"] {
      try folder.makeDirectory(release)
      try folder.makeDirectory("\(release)/src")
      try folder.write("\(release)/src/x.ts")
    }
    try folder.link("current", to: "1")
    try await fixture.watch([path])
    try folder.link("next", to: "2")
    try folder.rename("next", "current")
    #expect(await fixture.nextChange()?.hasPrefix(path) == true)
    try folder.write("1/src/x.ts", "not watched any more")
    try folder.write("2/src/y.ts")
    #expect(await fixture.nextChange() == "current/src/y.ts")
  }

  @Test func aNamedFileCountsWhateverItsName() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.write("settings")
    try await fixture.watch(["settings"])
    try folder.write("settings", "other")
    #expect(await fixture.nextChange() == "settings")
    try folder.write("other.ts")
    try folder.write("settings.tmp")
    try folder.rename("settings.tmp", "settings")
    #expect(await fixture.nextChange() == "settings")
    try folder.delete("settings")
    #expect(await fixture.nextChange() == "settings")
    try folder.write("settings")
    #expect(await fixture.nextChange() == "settings")
  }

  @Test func aNamedLinkToAFileIsWatchedAtBothEnds() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.makeDirectory("real")
    try folder.write("real/one")
    try folder.write("real/two")
    try folder.link("link", to: "real/one")
    try await fixture.watch(["link"])
    try folder.write("real/one", "other")
    #expect(await fixture.nextChange() == "link")
    try folder.link("next", to: "real/two")
    try folder.rename("next", "link")
    #expect(await fixture.nextChange() == "link")
    try folder.write("real/two", "other")
    #expect(await fixture.nextChange() == "link")
  }

  @Test func aFileInPlaceOfADirectory() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.makeDirectory("x")
    try await fixture.watch(["x"])
    try folder.deleteDirectory("x")
    try folder.write("x")
    #expect(await fixture.nextChange() == "x")
    try folder.write("x", "more")
    #expect(await fixture.nextChange() == "x")
  }

  @Test func aSkipPatternThatCoversAWatchedPathIsTold() async throws {
    let fixture = try WatchFixture()
    try fixture.folder.makeDirectory("src")
    try await fixture.watch(["src"], WatchOptions(intervalMilliseconds: 30, skip: ["src/**"]))
    let text = "\(fixture.folder.path)/src: the skip pattern \"src/**\" covers all of it; no change in it will be seen"
    #expect(await fixture.next() == .problem(text))
  }
}
