import PupTestSupport
import PupWatch
import Testing

@Suite(.timeLimit(.minutes(5))) struct WatchHubTests {
  @Test func aThousandWatchersOfOneDirectoryShareItsWatch() async throws {
    let fixture = try WatchFixture()
    try fixture.folder.makeDirectory("src")
    let hub = fixture.hub
    var watchers = [try await fixture.watch(["src"])]
    let forOne = try await fixture.onLoop { hub.watchCount }
    for _ in 1..<1_000 { watchers.append(try await fixture.watch(["src"])) }
    #expect(try await fixture.onLoop { hub.watchCount } == forOne)
    try fixture.folder.write("src/x.ts")
    for _ in 0..<1_000 { #expect(await fixture.nextChange() == "src/x.ts") }
    for watcher in watchers { watcher.cancel() }
    #expect(try await fixture.onLoop { hub.watchCount } == 0)
  }

  @Test func aWatcherIsNotDisturbedByTheEndOfAnother() async throws {
    let fixture = try WatchFixture()
    try fixture.folder.makeDirectory("src")
    let first = try await fixture.watch(["src"])
    try await fixture.watch(["src"])
    first.cancel()
    try await fixture.onLoop {}
    try fixture.folder.write("src/x.ts")
    #expect(await fixture.nextChange() == "src/x.ts")
  }
}
