import Glibc
import PupTestSupport
import PupWatch
import Testing

@Suite(.timeLimit(.minutes(5))) struct FileWatcherLimitTests {
  @Test func atTheLimitTheWatcherLooksAgainAndAgain() async throws {
    let fixture = try WatchFixture(maximumWatches: 6)
    let folder = fixture.folder
    for name in (0..<10) { try folder.makeDirectory("\(name)") }
    try folder.write("3/x.ts")
    try await fixture.watch(["."])
    guard case .problem(let text) = await fixture.next() else { return #expect(Bool(false), "no problem was told") }
    #expect(text.hasPrefix("more than 6 directories to watch; add to watcher.skip what need not be watched"))
    try folder.write("3/x.ts", "other length")
    #expect(await fixture.nextChange() == "3/x.ts")
    try folder.makeDirectory("3/new")
    try folder.write("3/new/y.ts")
    #expect(await fixture.nextChange() == "3/new/y.ts")
    try folder.delete("3/x.ts")
    #expect(await fixture.nextChange()?.hasPrefix("3") == true)
    try folder.write("3/a.log")
    try folder.rename("3/new", "4/new")
    #expect(await fixture.nextChange() != nil)
    try folder.write("4/new/last.ts")
    #expect(await fixture.nextChange() == "4/new/last.ts")
  }

  @Test func whatAPollingWatcherGaveBackServesOthers() async throws {
    let fixture = try WatchFixture(maximumWatches: 6)
    let folder = fixture.folder
    try folder.makeDirectory("big")
    for name in (0..<10) { try folder.makeDirectory("big/\(name)") }
    try folder.makeDirectory("small")
    try await fixture.watch(["big"])
    _ = await fixture.next()
    try await fixture.watch(["small"])
    try folder.write("small/x.ts")
    #expect(await fixture.nextChange() == "small/x.ts")
  }

  @Test func aMissingPathIsFoundByPolling() async throws {
    let fixture = try WatchFixture(maximumWatches: 0)
    let folder = fixture.folder
    try await fixture.watch(["a", "settings"])
    for _ in 0..<3 { guard case .problem = await fixture.next() else { return #expect(Bool(false), "no problem was told") } }
    try folder.makeDirectory("a")
    try folder.write("a/x.ts")
    #expect(await fixture.nextChange() == "a/x.ts")
    try folder.write("settings")
    #expect(await fixture.nextChange() == "settings")
    try folder.write("settings", "of another length")
    #expect(await fixture.nextChange() == "settings")
  }

  @Test func afterAnOverflowWhatWasMissedIsFound() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in ["a", "b", "b/gone"] { try folder.makeDirectory(name) }
    try folder.write("b/x.ts")
    try folder.write("b/gone/y.js")
    try await fixture.watch(["."])
    try await fixture.onLoop {
      try Self.overflow(folder)
      try folder.write("b/x.ts", "changed while nobody could hear it")
      try folder.makeDirectory("b/new")
    }
    #expect(await fixture.nextChange() == "b/x.ts")
    try folder.write("b/new/z.ts")
    #expect(await fixture.nextChange() == "b/new/z.ts")
  }

  @Test func anOverflowWithoutChangesIsNone() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    for name in ["a", "b"] { try folder.makeDirectory(name) }
    try folder.write("b/x.ts")
    try await fixture.watch(["."])
    try folder.write("b/x.ts", "heard of")
    #expect(await fixture.nextChange() == "b/x.ts")
    try await fixture.onLoop { try Self.overflow(folder) }
    try folder.makeDirectory("b/late")
    try folder.write("b/late/last.ts")
    #expect(await fixture.nextChange() == "b/late/last.ts")
  }

  /// More events than the kernel keeps, of files that do not count.
  private static func overflow(_ folder: TemporaryFolder) throws {
    let text = try #require(fopen("/proc/sys/fs/inotify/max_queued_events", "r"))
    defer { fclose(text) }
    var limit: Int32 = 0
    try #require(withUnsafeMutablePointer(to: &limit) { pointer in withVaList([pointer]) { vfscanf(text, "%d", $0) } } == 1)
    for number in 0...(limit / 2) {
      try folder.write("a/\(number).log")
      try folder.delete("a/\(number).log")
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func aDirectoryThatMayNotBeReadIsTold() async throws {
    let fixture = try WatchFixture()
    let folder = fixture.folder
    try folder.makeDirectory("secret")
    try folder.change(mode: 0, of: "secret")
    try await fixture.watch(["."])
    let text = "\(folder.path)/secret: cannot be read; give this user permission to read and enter it"
    #expect(await fixture.next() == .problem(text))
    try folder.write("a.ts")
    #expect(await fixture.nextChange() == "a.ts")
    try folder.change(mode: 0o755, of: "secret")
  }
}
