internal import PupCore
internal import PupSystem
internal import Synchronization

/// The part of the store that lives on its thread: writes what is pending in as few transactions as possible, and keeps retrying
/// if that fails.
final class StoreWorker: @unchecked Sendable {
  private static let batch = 512

  let limits: StoreLimits
  private let file: StoreFile
  private let loop: EventLoop
  private let mailbox: StoreMailbox
  private let tell: @Sendable (StoreNotice) -> Void

  /// Nil if a damaged file could not be replaced yet.
  private(set) var database: Database?
  private var isFinished = false
  /// Of `database`.
  private let anchorBox: Mutex<FileAnchor?>
  private var pending: [StoreMailbox.PendingWrite] = []
  private var failure: StoreError?
  private var retryDelay: Int64
  private var retryTimer: Timer?
  private var droppedBefore: UInt64 = 0
  /// What a new file needs at once if the one in use turns out to be damaged.
  private var lastDesired: ([DesiredState], WallTime)?
  var numbering: EventNumbering?
  var upkeep = Upkeep()

  init(
    file: StoreFile, opened: StoreFile.Opened, limits: StoreLimits, loop: EventLoop, mailbox: StoreMailbox,
    tell: @escaping @Sendable (StoreNotice) -> Void
  ) {
    self.file = file
    database = opened.database
    anchorBox = Mutex(opened.anchor)
    self.limits = limits
    self.loop = loop
    self.mailbox = mailbox
    self.tell = tell
    retryDelay = limits.retry
  }

  // MARK: - Turns

  func drain() {
    for item in mailbox.take() {
      switch item {
      case .write(let write): pending.append(write)
      case .read(let body):
        flush()
        // Before the answer: its receiver finds its slot free.
        mailbox.finished(item)
        body(self)
      }
    }
    flush()
  }

  /// The last attempt; what cannot be written now is lost.
  func finish() -> StoreLeftovers {
    let leftovers = settle()
    // Its log's name belongs to another file by now.
    if isFileLost { database?.keepLogOnClose(true) }
    database = nil
    isFinished = true
    cancelRetry()
    return leftovers
  }

  /// Tries at once to write everything.
  func settle() -> StoreLeftovers {
    cancelRetry()
    drain()
    retryNow()
    let isLost = isFileLost
    return StoreLeftovers(
      hasDecisions: isLost || unsavedDecisions != nil,
      hasRevocations: isLost || pending.contains { $0.write.isRevocation })
  }

  /// Does not wait for the end of the pause after a failure.
  func retryNow() {
    guard failure != nil || isFileLost else { return }
    cancelRetry()
    flush()
  }

  /// Queries the database; if damage shows, it is repaired and the query is repeated.
  func ask<Answer>(_ question: (Database) throws(StoreError) -> Answer) throws(StoreError) -> Answer {
    do throws(StoreError) {
      return try question(try usableDatabase())
    } catch  where error.isDamage {
      try replaceDamaged(because: error)
      return try question(try usableDatabase())
    }
  }

  // MARK: - Writing

  /// Not during the pause after a failure.
  func flush() {
    guard !pending.isEmpty || failure != nil || isFileLost else { return }
    guard retryTimer == nil else { return answerWaiting() }
    do throws(StoreError) { try keepInPlace() } catch { return failed(error) }
    var replacements = 0
    while !pending.isEmpty {
      let batch = Array(pending.prefix(Self.batch))
      do throws(StoreError) {
        try commit(batch)
        written(batch)
      } catch  where error.isDamage && replacements < 2 {
        replacements += 1
        do throws(StoreError) { try replaceDamaged(because: error) } catch { return failed(error) }
      } catch  where error.isPassing || error.isDamage {
        return failed(error)
      } catch {
        // One of them is at fault: only that one is skipped.
        guard commitSingly(batch) else { return }
      }
    }
    recovered()
    upkeep.run(on: self)
  }

  private func commit(_ batch: [StoreMailbox.PendingWrite]) throws(StoreError) {
    let database = try usableDatabase()
    try database.transaction(durable: batch.contains { $0.write.isDurable }) { () throws(StoreError) in
      for pending in batch { try pending.write.apply(to: database, limits) }
    }
  }

  /// False when writing has to wait.
  private func commitSingly(_ batch: [StoreMailbox.PendingWrite]) -> Bool {
    for write in batch {
      do throws(StoreError) {
        try commit([write])
        written([write])
      } catch  where error.isPassing || error.isDamage {
        failed(error)
        return false
      } catch {
        pending.removeFirst()
        refuse(write, error)
      }
    }
    return true
  }

  private func written(_ batch: [StoreMailbox.PendingWrite]) {
    pending.removeFirst(batch.count)
    mailbox.count { $0.written += UInt64(batch.count) }
    for write in batch {
      switch write.write {
      case .desired(let states, let time): lastDesired = (states, time)
      case .eventEnd(let end): numbering?.end = end
      case .transition(let transition): upkeep.stored(transition.process)
      case .event: upkeep.storedEvent()
      case .token, .revokeToken, .revokeConsumer, .reinstate, .setting: break
      }
      mailbox.finished(.write(write))
      for then in write.then { then(.saved) }
    }
  }

  private func refuse(_ write: StoreMailbox.PendingWrite, _ error: StoreError) {
    mailbox.finished(.write(write))
    for then in write.then { then(.refused(error)) }
    if write.write.isDroppable { mailbox.count { $0.dropped += 1 } }
    // Whatever waits for the outcome reports it.
    if write.then.isEmpty { tell(.refused(error)) }
  }

  // MARK: - Failing

  private func failed(_ error: StoreError) {
    mailbox.count { counters in
      counters.failures += 1
      if !counters.isFailing { droppedBefore = counters.dropped }
      counters.isFailing = true
    }
    if failure == nil { tell(.failing(error)) }
    failure = error
    retryTimer = loop.schedule(at: Clock.boot + retryDelay) { [weak self] in
      guard let self else { return }
      retryTimer = nil
      flush()
    }
    retryDelay = min(retryDelay * 2, limits.retry * 30)
    answerWaiting()
  }

  private func recovered() {
    guard failure != nil else { return }
    failure = nil
    retryDelay = limits.retry
    mailbox.count { $0.isFailing = false }
    tell(.recovered(dropped: mailbox.counters.dropped - droppedBefore))
  }

  /// While writing fails: notifies all that wait, and keeps only what still matters.
  private func answerWaiting() {
    guard let failure else { return }
    let newest = pending.lastIndex { if case .desired = $0.write { true } else { false } }
    var kept: [StoreMailbox.PendingWrite] = []
    for (index, var write) in pending.enumerated() {
      let isOutdated = if case .desired = write.write { index != newest } else { false }
      let outcome = write.write.isTriedOnce ? StoreOutcome.refused(failure) : .delayed(failure)
      let listeners = write.then
      write.then = []
      if write.write.isTriedOnce || isOutdated { mailbox.finished(.write(write)) } else { kept.append(write) }
      for then in listeners { then(outcome) }
    }
    pending = kept
  }

  /// Why the operators' latest decisions are not in the file yet; nil if they are.
  var unsavedDecisions: StoreError? {
    pending.contains { if case .desired = $0.write { true } else { false } } ? failure : nil
  }

  private func cancelRetry() {
    if let retryTimer { loop.cancel(retryTimer) }
    retryTimer = nil
  }

  // MARK: - The file

  private var now: WallTime { WallTime(microseconds: Clock.wallMicroseconds) }

  /// For any thread.
  var isFileLost: Bool { anchorBox.withLock { $0 }?.place == .lost }

  /// What is written to a file that cannot be found again is not stored.
  private func keepInPlace() throws(StoreError) {
    guard let database, let anchor = anchorBox.withLock({ $0 }), anchor.place == .lost else { return }
    try adopt(try file.remake(from: database, anchor, now: now))
  }

  private func usableDatabase() throws(StoreError) -> Database {
    if let database { return database }
    // In its last turn the loop may run what was due or posted earlier: a file opened then would stay open.
    guard !isFinished else { throw .closed }
    let opened = try file.open(now: now)
    try adopt(opened)
    return opened.database
  }

  private func replaceDamaged(because error: StoreError) throws(StoreError) {
    database = nil
    try adopt(try file.replaceDamaged(because: error, now: now))
  }

  private func adopt(_ opened: StoreFile.Opened) throws(StoreError) {
    let new = opened.database
    try new.transaction(durable: true) { () throws(StoreError) in
      if let (states, time) = lastDesired { try new.replaceDesired(states, at: time) }
      if let numbering {
        try new.set("event.epoch", numbering.epoch)
        try new.set("event.end", String(numbering.end))
      }
    }
    database = new
    anchorBox.withLock { $0 = opened.anchor }
    if let notice = opened.notice { tell(notice) }
  }

  // MARK: - Upkeep

  /// Reads every page once. Not while anyone waits for a start: a large file takes a tenth of a second.
  func examine() {
    guard !isFinished else { return }
    do throws(StoreError) {
      let verdict = try ask { (database) throws(StoreError) in
        try database.text("PRAGMA quick_check(1)", stage: "examine the file")
      }
      guard let verdict, verdict != "ok" else { return }
      // 11 is SQLITE_CORRUPT: the code that a statement reaching the damage would have got.
      try replaceDamaged(because: .statement(code: 11, stage: "examine the file", reason: verdict))
    } catch {
      tell(.refused(error))
    }
  }

  func startUpkeep() {
    upkeep.needsAll = true
    _ = loop.schedule(at: Clock.boot + 10_000_000_000) { [weak self] in
      guard let self else { return }
      examine()
      upkeep.run(on: self)
      repeatUpkeep()
    }
  }

  private func repeatUpkeep() {
    _ = loop.schedule(at: Clock.boot + 3_600_000_000_000) { [weak self] in
      guard let self else { return }
      upkeep.needsAll = true
      upkeep.run(on: self)
      repeatUpkeep()
    }
  }
}
