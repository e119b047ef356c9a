import Glibc
import PupSystem
import PupTestSupport
import PupWatch

/// A hub on a thread of its own, a folder, and what its watchers told.
final class WatchFixture: Sendable {
  enum Report: Hashable, Sendable {
    case changed(String)
    case problem(String)
  }

  let folder: TemporaryFolder
  let hub: WatchHub
  private let thread: LoopThread
  private let reports: AsyncStream<Report>
  private let sink: AsyncStream<Report>.Continuation

  init(maximumWatches: Int = .max, leastPollMilliseconds: Int64 = 20) throws {
    folder = try TemporaryFolder()
    let loop = try EventLoop(name: "watch-test")
    hub = WatchHub(loop: loop, maximumWatches: maximumWatches, leastPollMilliseconds: leastPollMilliseconds)
    thread = try LoopThread(running: loop)
    (reports, sink) = AsyncStream.makeStream()
  }

  deinit {
    thread.loop.stop()
    thread.join()
  }

  /// Starts a watcher of paths below the folder; afterwards everything is being watched.
  @discardableResult
  func watch(
    _ paths: [String], _ options: WatchOptions = WatchOptions(intervalMilliseconds: 30),
    excluding: WatchExclusions = WatchExclusions()
  ) async throws -> FileWatcher {
    let sink = sink
    let watcher = try FileWatcher(
      hub: hub, paths: paths, base: folder.path, options: options, excluding: excluding, onChange: { sink.yield(.changed($0)) },
      onProblem: { sink.yield(.problem($0)) })
    watcher.start()
    try await onLoop {}
    return watcher
  }

  /// Runs `body` on the hub's loop: what it does to files is read by the loop in one go, afterwards.
  func onLoop<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    let outcome: Swift.Result<Result, any Error> = await withCheckedContinuation { continuation in
      hub.loop.post { continuation.resume(returning: Swift.Result { try body() }) }
    }
    return try outcome.get()
  }

  /// The next thing that a watcher tells.
  func next() async -> Report? {
    var iterator = reports.makeAsyncIterator()
    return await iterator.next()
  }

  /// The next change, by its path below the folder.
  func nextChange() async -> String? {
    guard case .changed(let path) = await next() else { return nil }
    return path.hasPrefix(folder.path + "/") ? String(path.dropFirst(folder.path.count + 1)) : path
  }
}
