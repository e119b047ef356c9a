import Glibc
import PupTestSupport
import PupWatch
import Testing

@Suite(.timeLimit(.minutes(5))) struct FileWatcherTests {
  @Test func aWrittenFileIsTold() async throws {
    let fixture = try WatchFixture()
    try fixture.folder.write("a.ts")
    try await fixture.watch(["."])
    try fixture.folder.write("a.ts", "other")
    #expect(await fixture.nextChange() == "a.ts")
  }

  @Test func changesWithinTheIntervalAreOneAndTheFirstIsNamed() async throws {
    let fixture = try WatchFixture()
    try await fixture.watch(["."])
    let folder = fixture.folder
    try await fixture.onLoop { for name in ["b.ts", "a.ts", "c.ts"] { try folder.write(name) } }
    #expect(await fixture.nextChange() == "b.ts")
    try folder.write("last.ts")
    #expect(await fixture.nextChange() == "last.ts")
  }

  @Test func deletingAndRenamingCount() async throws {
    let fixture = try WatchFixture()
    for name in ["a.ts", "b.ts", "c.ts"] { try fixture.folder.write(name) }
    try await fixture.watch(["."])
    try fixture.folder.delete("a.ts")
    #expect(await fixture.nextChange() == "a.ts")
    try fixture.folder.rename("b.ts", "b.txt")
    #expect(await fixture.nextChange() == "b.ts")
    try fixture.folder.rename("b.txt", "d.ts")
    #expect(await fixture.nextChange() == "d.ts")
  }

  @Test func anEditorThatWritesAnotherFileAndRenamesItIsOneChange() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.write("a.ts")
    try await fixture.watch(["."])
    try await fixture.onLoop {
      try folder.write("4913")
      try folder.delete("4913")
      try folder.rename("a.ts", "a.ts~")
      try folder.write("a.ts.tmp", "new")
      try folder.rename("a.ts.tmp", "a.ts")
      try folder.delete("a.ts~")
    }
    #expect(await fixture.nextChange() == "a.ts")
    try folder.write("last.ts")
    #expect(await fixture.nextChange() == "last.ts")
  }

  @Test func whatDoesNotCountIsNotTold() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.write("a.ts")
    try folder.makeDirectory(".git")
    try await fixture.watch(["."])
    try await fixture.onLoop {
      try folder.write("a.log")
      try folder.write(".git/a.ts")
      try folder.change(mode: 0o600, of: "a.ts")
      try folder.makeDirectory("empty")
      _ = close(open(folder.at("a.ts"), O_RDONLY | O_CLOEXEC))
      try folder.write("last.ts")
    }
    #expect(await fixture.nextChange() == "last.ts")
  }

  @Test func newLinksCount() async throws {
    let fixture = try WatchFixture()
    try fixture.folder.write("text")
    try await fixture.watch(["."])
    try fixture.folder.link("soft.ts", to: "text")
    #expect(await fixture.nextChange() == "soft.ts")
    try fixture.folder.hardLink("hard.ts", to: "text")
    #expect(await fixture.nextChange() == "hard.ts")
  }

  @Test func namesThatAreNoTextAreWatched() async throws {
    let fixture = try WatchFixture()
    let directory = Array(fixture.folder.path.utf8CString.dropLast()) + [0x2F, -1, 0]
    try #require(mkdir(directory, 0o755) == 0)
    try await fixture.watch(["."])
    let file = directory.dropLast() + [0x2F, 0x61, 0x2E, 0x74, 0x73, 0]
    let descriptor = open(Array(file), O_WRONLY | O_CREAT | O_CLOEXEC, 0o644)
    try #require(descriptor >= 0)
    close(descriptor)
    #expect(await fixture.nextChange() == "\u{FFFD}/a.ts")
  }

  @Test func nothingIsToldAfterCancel() async throws {
    let fixture = try WatchFixture()
    let first = try await fixture.watch(["."])
    first.cancel()
    try await fixture.onLoop {}
    try fixture.folder.write("a.ts")
    try await fixture.watch(["."])
    try fixture.folder.write("b.ts")
    #expect(await fixture.nextChange() == "b.ts")
  }

  @Test func cancelWithinTheIntervalSuppressesTheCallback() async throws {
    let fixture = try WatchFixture()
    let (told, sink) = AsyncStream<String>.makeStream()
    func watcher(_ name: String, interval: Int64, _ action: @escaping @Sendable () -> Void = {}) throws -> FileWatcher {
      try FileWatcher(
        hub: fixture.hub, paths: ["."], base: fixture.folder.path, options: WatchOptions(intervalMilliseconds: interval),
        onChange: { _ in
          action()
          sink.yield(name)
        }, onProblem: { sink.yield($0) })
    }
    let cancelled = try watcher("cancelled", interval: 1)
    // One change opens all three windows; the first to close cancels the second, the third would close after it.
    for watcher in [try watcher("first", interval: 0, cancelled.cancel), cancelled, try watcher("last", interval: 50)] {
      watcher.start()
    }
    try await fixture.onLoop {}
    try fixture.folder.write("a.ts")
    var iterator = told.makeAsyncIterator()
    #expect(await iterator.next() == "first")
    #expect(await iterator.next() == "last")
  }
}
