import PupTestSupport
import PupWatch
import Testing

@Suite(.timeLimit(.minutes(5))) struct FileWatcherTreeTests {
  @Test func filesInDirectoriesBelow() async throws {
    let fixture = try WatchFixture()
    try fixture.folder.makeDirectory("a")
    try fixture.folder.makeDirectory("a/b")
    try await fixture.watch(["."])
    try fixture.folder.write("a/b/c.ts")
    #expect(await fixture.nextChange() == "a/b/c.ts")
  }

  @Test func newDirectoriesAreFollowedWithWhatIsInThemAlready() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try await fixture.watch(["."])
    // All of it happens before the loop can read the first event.
    try await fixture.onLoop {
      try folder.makeDirectory("a")
      try folder.makeDirectory("a/b")
      try folder.write("a/b/c.ts")
    }
    #expect(await fixture.nextChange() == "a/b/c.ts")
    try folder.write("a/b/d.ts")
    #expect(await fixture.nextChange() == "a/b/d.ts")
  }

  @Test func aRenamedDirectoryIsFollowedUnderItsNewName() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.makeDirectory("a")
    try folder.makeDirectory("a/deep")
    try folder.write("a/deep/x.ts")
    try await fixture.watch(["."])
    try folder.rename("a", "b")
    #expect(await fixture.nextChange() == "a")
    try folder.write("b/deep/x.ts", "new")
    #expect(await fixture.nextChange() == "b/deep/x.ts")
  }

  @Test func aDirectoryMovedInAndOut() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in ["in", "out", "out/d", "out/e"] { try folder.makeDirectory(name) }
    try folder.write("out/d/x.ts")
    try await fixture.watch(["in"])
    try folder.rename("out/d", "in/d")
    #expect(await fixture.nextChange() == "in/d/x.ts")
    try folder.rename("in/d", "out/d")
    #expect(await fixture.nextChange() == "in/d")
    // Nothing that counts is in it; and what left is not watched any more.
    try folder.rename("out/e", "in/e")
    try folder.write("out/d/x.ts", "new")
    try folder.write("in/e/last.ts")
    #expect(await fixture.nextChange() == "in/e/last.ts")
  }

  @Test func aDirectoryThatReplacesAnother() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in ["in", "in/d", "out", "out/sub"] { try folder.makeDirectory(name) }
    try await fixture.watch(["in"])
    try await fixture.onLoop {
      try folder.rename("out", "in/d")
      try folder.write("in/d/sub/x.ts")
    }
    #expect(await fixture.nextChange() == "in/d/sub/x.ts")
    try folder.write("in/d/y.ts")
    #expect(await fixture.nextChange() == "in/d/y.ts")
  }

  @Test func aDirectoryDeletedAndMadeAgain() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.makeDirectory("d")
    try await fixture.watch(["."])
    try await fixture.onLoop {
      for _ in 0..<20 {
        try folder.deleteDirectory("d")
        try folder.makeDirectory("d")
      }
      try folder.write("d/x.ts")
    }
    #expect(await fixture.nextChange() == "d/x.ts")
    try folder.write("d/y.ts")
    #expect(await fixture.nextChange() == "d/y.ts")
  }

  @Test func symbolicLinksAreNotFollowed() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in ["in", "out"] { try folder.makeDirectory(name) }
    try folder.link("in/loop", to: ".")
    try folder.link("in/out", to: "../out")
    try await fixture.watch(["in"])
    try folder.write("out/x.ts")
    try folder.link("in/late", to: "../out")
    try folder.write("out/y.ts")
    try folder.write("in/last.ts")
    #expect(await fixture.nextChange() == "in/last.ts")
  }

  @Test func skippedDirectoriesAreNotLookedInto() async throws {
    // "/", "/tmp", the folder and "src" are four; the others would be too many, and a problem would be told first.
    let fixture = try WatchFixture(maximumWatches: 5)
    let folder = fixture.folder
    for name in ["src", "node_modules"] + (0..<20).map({ "node_modules/\($0)" }) { try folder.makeDirectory(name) }
    try await fixture.watch(["."], WatchOptions(intervalMilliseconds: 30, skip: ["**/node_modules/**"]))
    try folder.write("node_modules/3/x.ts")
    try folder.makeDirectory("src/node_modules")
    try folder.write("src/node_modules/x.ts")
    try folder.write("src/last.ts")
    #expect(await fixture.nextChange() == "src/last.ts")
  }
}
