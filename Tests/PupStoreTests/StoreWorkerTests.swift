import PupCore
import PupSystem
import Testing

@testable import PupStore

@Suite struct StoreWorkerTests {
  /// The loop's last turn, in which the store is closed, also runs what is due by then.
  @Test func nothingOpensTheFileAgainAfterTheEnd() throws {
    let folder = try TemporaryStore()
    let file = StoreFile(path: folder.path)
    let notices = folder.notices
    let worker = StoreWorker(
      file: file, opened: try file.open(now: WallTime(microseconds: 1)), limits: StoreLimits(),
      loop: try EventLoop(name: "test"), mailbox: StoreMailbox(limits: StoreLimits()), tell: { notices.add($0) })
    worker.upkeep.needsAll = true
    _ = worker.finish()
    worker.examine()
    worker.flush()
    #expect(worker.database == nil)
    #expect(folder.names == ["store.sqlite"])
    #expect(folder.notices.all.isEmpty, "\(folder.notices.all)")
  }
}
