internal import CLinux
internal import Glibc
internal import Synchronization

/// One epoll descriptor, one thread: descriptors, timers, jobs posted by other threads, and the executor of the actors that are
/// pinned to it.
///
/// `post`, `stop` and the executor's `enqueue` may be called from any thread. Everything else belongs to the loop's thread (or to
/// the thread that sets the loop up before `run`). Handlers run one after the other and must not block.
package final class EventLoop: SerialExecutor, @unchecked Sendable {
  package typealias Handler = @Sendable (Readiness) -> Void

  private enum Job {
    case closure(@Sendable () -> Void)
    case task(UnownedJob)
  }

  /// Keys below this one are the loop's own descriptors.
  private static let firstKey: UInt64 = 16
  private static let wakeKey: UInt64 = 1
  private static let timerKey: UInt64 = 2
  private static let wallKey: UInt64 = 3

  package let name: String
  let pulse = LoopPulse()
  private let epoll: Descriptor
  private let wake: Descriptor
  private let timer: Descriptor
  private let wallTimer: Descriptor
  private let clock: @Sendable () -> Int64
  private let mailbox = Mutex<[Job]>([])
  private let stopRequested = Atomic(false)

  private var thread: pthread_t?
  private var handlers: [UInt64: Handler] = [:]
  private var nextKey = EventLoop.firstKey
  private var timers = TimerQueue()
  private var armedDeadline: Int64?
  private var wallHandler: (@Sendable (_ clockWasSet: Bool) -> Void)?

  /// - Parameters:
  ///   - name: the thread's name, at most 15 bytes.
  ///   - clock: nanoseconds; a test may have its own, and then drives the turns itself (`turn`).
  package init(name: String, clock: @escaping @Sendable () -> Int64 = { Clock.boot }) throws(SystemError) {
    (self.name, self.clock) = (name, clock)
    epoll = try Descriptor(pup_epoll_create(), "epoll_create1")
    wake = try Descriptor(pup_event_create(), "eventfd")
    timer = try Descriptor(pup_timer_create(PUP_CLOCK_BOOTTIME), "timerfd_create")
    wallTimer = try Descriptor(pup_timer_create(PUP_CLOCK_REALTIME), "timerfd_create")
    for (own, key) in [(wake, Self.wakeKey), (timer, Self.timerKey), (wallTimer, Self.wallKey)] {
      try check(pup_epoll_add(epoll.number, own.number, UInt32(PUP_EPOLL_IN), key), "epoll_ctl(ADD)")
    }
  }

  // MARK: - Running

  /// Serves events on the calling thread until `stop`.
  package func run() throws(SystemError) {
    thread = pthread_self()
    // Only for people: in ps, and in core dumps.
    _ = pup_set_name(name)
    pulse.begin()
    var events = [pup_epoll_event](repeating: pup_epoll_event(), count: 64)
    while !stopRequested.load(ordering: .acquiring) {
      try armTimer()
      _ = try turn(&events, waiting: -1)
    }
    runJobs()
    pulse.rest()
  }

  /// Instead of `run`: one turn on the calling thread, which becomes the loop's.
  /// - Parameter milliseconds: how long to wait for the first event; timers do not count, since only the owner of the clock knows
  ///   when they are due.
  /// - Returns: whether anything was served.
  package func turn(waiting milliseconds: Int32 = 0) throws(SystemError) -> Bool {
    thread = pthread_self()
    var events = [pup_epoll_event](repeating: pup_epoll_event(), count: 64)
    return try turn(&events, waiting: milliseconds)
  }

  private func turn(_ events: inout [pup_epoll_event], waiting milliseconds: Int32) throws(SystemError) -> Bool {
    pulse.rest()
    let count = events.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { pup_epoll_wait(epoll.number, $0, Int32(buffer.count), milliseconds) } ?? 0
    }
    try check(count, "epoll_wait")
    for event in events.prefix(Int(count)) {
      pulse.work()
      dispatch(event)
    }
    return runDueTimers() || count > 0
  }

  /// Ends `run` after the current turn and the jobs that were posted before.
  package func stop() {
    stopRequested.store(true, ordering: .releasing)
    raiseWake()
  }

  /// It fails only if the counter is full, and then the loop wakes up as well.
  private func raiseWake() { _ = pup_event_raise(wake.number) }

  private func dispatch(_ event: pup_epoll_event) {
    switch event.data {
    case Self.wakeKey:
      // Empty if an earlier wake-up has already drained it.
      _ = pup_event_drain(wake.number)
      runJobs()
    case Self.timerKey:
      // How often it has expired does not matter, nor whether it was reset in the meantime.
      _ = pup_timer_read(timer.number)
      armedDeadline = nil
    case Self.wallKey:
      let expirations = pup_timer_read(wallTimer.number)
      if expirations > 0 { wallHandler?(false) }
      if expirations == -Int64(ECANCELED) { wallHandler?(true) }
    default:
      handlers[event.data]?(Readiness(rawValue: event.events))
    }
  }

  // MARK: - Descriptors

  /// Calls `handler` on the loop's thread whenever one of `events` (or an error, or a hang-up) occurs.
  package func register(_ descriptor: Int32, _ events: Readiness, handler: @escaping Handler) throws(SystemError) -> Registration
  {
    let key = nextKey
    try check(pup_epoll_add(epoll.number, descriptor, events.rawValue, key), "epoll_ctl(ADD)")
    nextKey += 1
    handlers[key] = handler
    return Registration(descriptor: descriptor, key: key)
  }

  package func modify(_ registration: Registration, _ events: Readiness) throws(SystemError) {
    guard handlers[registration.key] != nil else { return }
    try check(pup_epoll_modify(epoll.number, registration.descriptor, events.rawValue, registration.key), "epoll_ctl(MOD)")
  }

  /// Call before closing the descriptor: its number may be reused right after.
  package func deregister(_ registration: Registration) {
    guard handlers.removeValue(forKey: registration.key) != nil else { return }
    // It is already gone if the last copy of the descriptor was closed.
    _ = pup_epoll_remove(epoll.number, registration.descriptor)
  }

  // MARK: - Time

  /// By the loop's clock.
  package var now: Int64 { clock() }

  /// Calls `handler` at `deadline` (CLOCK_BOOTTIME, nanoseconds) or soon after.
  package func schedule(at deadline: Int64, handler: @escaping @Sendable () -> Void) -> Timer {
    timers.insert(deadline: deadline, handler: handler)
  }

  package func cancel(_ timer: Timer) { timers.cancel(timer) }

  /// Called for the wall clock: when a deadline set by `setWallDeadline` has come (false), and on every step of the clock (true).
  package func onWallClock(_ handler: @escaping @Sendable (_ clockWasSet: Bool) -> Void) {
    wallHandler = handler
    setWallDeadline(nil)
  }

  /// - Parameter microseconds: since 1970; nil for none (steps of the clock are still reported).
  package func setWallDeadline(_ microseconds: Int64?) {
    let (nanoseconds, overflow) = (microseconds ?? .max).multipliedReportingOverflow(by: 1000)
    // A timer far in the future (the year 2200) stands for "none": an unarmed one would not report that the clock was set.
    let never: Int64 = 7_258_118_400_000_000_000
    // The range of the time is checked here, so the only failure left is that the clock was set since the last read; the timer is
    // armed all the same, and will not report that step itself.
    let code = pup_timer_set(wallTimer.number, overflow ? never : min(max(nanoseconds, 1), never), true)
    if code == -ECANCELED { post { [weak self] in self?.wallHandler?(true) } }
  }

  private func armTimer() throws(SystemError) {
    let earliest = timers.earliest
    guard earliest != armedDeadline else { return }
    armedDeadline = earliest
    try check(pup_timer_set(timer.number, max(earliest ?? 0, earliest == nil ? 0 : 1), false), "timerfd_settime")
  }

  /// - Returns: whether one was due.
  private func runDueTimers() -> Bool {
    guard let earliest = timers.earliest else { return false }
    let now = clock()
    guard earliest <= now else { return false }
    while let handler = timers.popDue(at: now) {
      pulse.work()
      handler()
    }
    return true
  }

  // MARK: - Jobs

  /// Runs `job` on the loop's thread; jobs run in the order in which they were posted.
  package func post(_ job: @escaping @Sendable () -> Void) { enqueue(.closure(job)) }

  package func enqueue(_ job: consuming ExecutorJob) { enqueue(.task(UnownedJob(job))) }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// Lets actors on this loop use `assumeIsolated` inside a handler, which is not a task.
  package func checkIsolated() {
    precondition(isOnThread, "not on the thread of event loop \(name)")
  }

  package var isOnThread: Bool { thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }

  private func enqueue(_ job: Job) {
    let wasEmpty = mailbox.withLock { jobs in
      jobs.append(job)
      return jobs.count == 1
    }
    if wasEmpty { raiseWake() }
  }

  private func runJobs() {
    let jobs = mailbox.withLock { jobs in
      let taken = jobs
      jobs.removeAll()
      return taken
    }
    for job in jobs {
      pulse.work()
      switch job {
      case .closure(let closure): closure()
      case .task(let task): task.runSynchronously(on: asUnownedSerialExecutor())
      }
    }
  }
}
