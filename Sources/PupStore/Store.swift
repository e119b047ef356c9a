internal import PupCore
package import PupSystem

/// What the supervisor remembers in a database: history, decisions of operators, tokens, the window of state events.
///
/// Everything but `open`, `close` and the functions marked as blocking returns at once; the work is done in order on the store's
/// own thread, and callbacks are called on that thread.
package final class Store: Sendable {
  let limits: StoreLimits
  let mailbox: StoreMailbox
  private let worker: StoreWorker
  private let thread: LoopThread

  /// Opens the file (created if it is missing, 0600) and starts the thread. Waits for the disk.
  ///
  /// A damaged file is moved to `<path>.damaged-<seconds since 1970>` and a new one is used: `tell` is notified.
  /// - Parameter tell: notices for people; called on the store's thread, during `open` on the caller's.
  /// - Throws: `newer` for a file of a later Pup, which is left as it is; `cannotOpen`.
  package static func open(
    _ path: String, limits: StoreLimits = StoreLimits(), tell: @escaping @Sendable (StoreNotice) -> Void
  ) throws(StoreError) -> Store {
    let file = StoreFile(path: path)
    let opened = try file.open(now: WallTime(microseconds: Clock.wallMicroseconds))
    if let notice = opened.notice { tell(notice) }
    do throws(SystemError) {
      let loop = try EventLoop(name: "pup-store")
      let mailbox = StoreMailbox(limits: limits)
      let worker = StoreWorker(
        file: file, opened: opened, limits: limits, loop: loop, mailbox: mailbox, tell: tell)
      loop.post { worker.startUpkeep() }
      return Store(limits: limits, mailbox: mailbox, worker: worker, thread: try LoopThread(running: loop))
    } catch {
      throw .cannotOpen(path: path, reason: "\(error)")
    }
  }

  private init(limits: StoreLimits, mailbox: StoreMailbox, worker: StoreWorker, thread: LoopThread) {
    self.limits = limits
    self.mailbox = mailbox
    self.worker = worker
    self.thread = thread
  }

  /// Writes what is pending, closes the file and ends the thread; waits for it. Later requests are refused.
  @discardableResult
  package func close() -> StoreLeftovers {
    mailbox.close()
    let (worker, loop) = (worker, thread.loop)
    let leftovers = Latch<StoreLeftovers>()
    loop.post {
      leftovers.open(with: worker.finish())
      loop.stop()
    }
    thread.join()
    return leftovers.wait()
  }

  // MARK: - The file

  /// Notices that the file was removed, moved or replaced, and re-creates it. Accesses the disk; for a thread that may wait for
  /// it.
  package func checkFile() {
    let worker = worker
    if worker.isFileLost { thread.loop.post { worker.flush() } }
  }

  /// Tries at once to write everything, and reports what would be lost if the store were closed now. `then` is called on the
  /// store's thread.
  package func settle(then: @escaping @Sendable (StoreLeftovers) -> Void) {
    let worker = worker
    thread.loop.post { then(worker.settle()) }
  }

  /// Retries at once what is pending after a failure, since its cause may be gone.
  package func retryNow() {
    let worker = worker
    thread.loop.post { worker.retryNow() }
  }

  package var counters: StoreCounters { mailbox.counters }

  /// For a watchdog that checks its progress.
  package var loop: EventLoop { thread.loop }

  // MARK: -

  /// - Returns: false if it was refused at once.
  @discardableResult
  func write(_ write: Write, then: (@Sendable (StoreOutcome) -> Void)? = nil) -> Bool {
    hand(.write(.init(write: write, then: then.map { [$0] } ?? []))) { error in then?(.refused(error)) }
  }

  /// Queries on the store's thread, after all earlier writes.
  func ask<Answer: Sendable>(
    _ question: @escaping @Sendable (Database) throws(StoreError) -> Answer,
    then: @escaping @Sendable (Result<Answer, StoreError>) -> Void
  ) {
    askWorker({ (worker) throws(StoreError) in try worker.ask(question) }, then: then)
  }

  func askWorker<Answer: Sendable>(
    _ question: @escaping @Sendable (StoreWorker) throws(StoreError) -> Answer,
    then: @escaping @Sendable (Result<Answer, StoreError>) -> Void
  ) {
    let item = StoreMailbox.Item.read { worker in
      do throws(StoreError) { then(.success(try question(worker))) } catch { then(.failure(error)) }
    }
    hand(item) { error in then(.failure(error)) }
  }

  /// Queries and waits for the answer. Not on a loop, not in a task, not in a callback of the store.
  func waitFor<Answer: Sendable>(
    _ question: @escaping @Sendable (StoreWorker) throws(StoreError) -> Answer
  ) throws(StoreError) -> Answer {
    let latch = Latch<Result<Answer, StoreError>>()
    askWorker(question) { latch.open(with: $0) }
    return try latch.wait().get()
  }

  @discardableResult
  private func hand(_ item: StoreMailbox.Item, refused: (StoreError) -> Void) -> Bool {
    switch mailbox.append(item) {
    case .accepted: break
    case .first:
      let worker = worker
      thread.loop.post { worker.drain() }
    case .refused(let error):
      refused(error)
      return false
    }
    return true
  }
}
