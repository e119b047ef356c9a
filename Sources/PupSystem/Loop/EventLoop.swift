internal import CLinux
internal import Glibc
internal import Synchronization

/// One epoll descriptor, one thread: descriptors, timers, jobs posted by other threads, and the executor of the actors that are pinned to it.
///
/// `post`, `stop` and the executor's `enqueue` may be called from any thread. Everything else belongs to the loop's thread (or to the
/// thread that sets the loop up before `run`). Handlers run one after the other and must not block.
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

  private let name: String
  private let epoll: Int32
  private let wake: Int32
  private let timer: Int32
  private let wallTimer: Int32
  private let mailbox = Mutex<[Job]>([])
  private let stopRequested = Mutex(false)

  private var thread: pthread_t?
  private var handlers: [UInt64: Handler] = [:]
  private var nextKey = EventLoop.firstKey
  private var timers = TimerQueue()
  private var armedDeadline: Int64?
  private var wallHandler: (@Sendable (_ clockWasSet: Bool) -> Void)?

  /// - Parameter name: the thread's name, at most 15 bytes.
  package init(name: String) throws(SystemError) {
    self.name = name
    epoll = try check(pup_epoll_create(), "epoll_create1")
    wake = try check(pup_event_create(), "eventfd")
    timer = try check(pup_timer_create(PUP_CLOCK_BOOTTIME), "timerfd_create")
    wallTimer = try check(pup_timer_create(PUP_CLOCK_REALTIME), "timerfd_create")
    let readable = UInt32(PUP_EPOLL_IN)
    try check(pup_epoll_add(epoll, wake, readable, Self.wakeKey), "epoll_ctl")
    try check(pup_epoll_add(epoll, timer, readable, Self.timerKey), "epoll_ctl")
    try check(pup_epoll_add(epoll, wallTimer, readable, Self.wallKey), "epoll_ctl")
  }

  deinit {
    close(epoll)
    close(wake)
    close(timer)
    close(wallTimer)
  }

  // MARK: Running

  /// Serves events on the calling thread until `stop`.
  package func run() throws(SystemError) {
    thread = pthread_self()
    _ = pup_set_name(name)
    var events = [pup_epoll_event](repeating: pup_epoll_event(), count: 64)
    while !stopRequested.withLock({ $0 }) {
      armTimer()
      let count = events.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { pup_epoll_wait(epoll, $0, Int32(buffer.count), -1) } ?? 0
      }
      try check(count, "epoll_wait")
      for event in events.prefix(Int(count)) { dispatch(event) }
      runDueTimers()
    }
    runJobs()
  }

  /// Ends `run` after the current turn and the jobs that were posted before.
  package func stop() {
    stopRequested.withLock { $0 = true }
    _ = pup_event_raise(wake)
  }

  private func dispatch(_ event: pup_epoll_event) {
    switch event.data {
    case Self.wakeKey:
      _ = pup_event_drain(wake)
      runJobs()
    case Self.timerKey:
      _ = pup_timer_read(timer)
      armedDeadline = nil
    case Self.wallKey:
      let expirations = pup_timer_read(wallTimer)
      if expirations > 0 { wallHandler?(false) }
      if expirations == -Int64(ECANCELED) { wallHandler?(true) }
    default:
      handlers[event.data]?(Readiness(rawValue: event.events))
    }
  }

  // MARK: Descriptors

  /// Calls `handler` on the loop's thread whenever one of `events` (or an error, or a hang-up) is there.
  package func register(_ descriptor: Int32, _ events: Readiness, handler: @escaping Handler) throws(SystemError) -> Registration
  {
    let key = nextKey
    try check(pup_epoll_add(epoll, descriptor, events.rawValue, key), "epoll_ctl(ADD)")
    nextKey += 1
    handlers[key] = handler
    return Registration(descriptor: descriptor, key: key)
  }

  package func modify(_ registration: Registration, _ events: Readiness) throws(SystemError) {
    guard handlers[registration.key] != nil else { return }
    try check(pup_epoll_modify(epoll, registration.descriptor, events.rawValue, registration.key), "epoll_ctl(MOD)")
  }

  /// Call before closing the descriptor: its number may be in use again right after.
  package func deregister(_ registration: Registration) {
    guard handlers.removeValue(forKey: registration.key) != nil else { return }
    _ = pup_epoll_remove(epoll, registration.descriptor)
  }

  // MARK: Time

  /// Calls `handler` at `deadline` (CLOCK_BOOTTIME, nanoseconds) or soon after.
  package func schedule(at deadline: Int64, handler: @escaping @Sendable () -> Void) -> Timer {
    timers.insert(deadline: deadline, handler: handler)
  }

  package func cancel(_ timer: Timer) { timers.cancel(timer) }

  /// Who hears of the calendar clock: of a deadline set by `setWallDeadline` that has come (false), and of every step of the clock (true).
  package func onWallClock(_ handler: @escaping @Sendable (_ clockWasSet: Bool) -> Void) {
    wallHandler = handler
    setWallDeadline(nil)
  }

  /// - Parameter microseconds: since 1970; nil for none (steps of the clock are still told).
  package func setWallDeadline(_ microseconds: Int64?) {
    let (nanoseconds, overflow) = (microseconds ?? .max).multipliedReportingOverflow(by: 1000)
    // A timer far away (the year 2200) stands for "none": an unarmed one would not report that the clock was set.
    let never: Int64 = 7_258_118_400_000_000_000
    _ = pup_timer_set(wallTimer, overflow ? never : min(max(nanoseconds, 1), never), true)
  }

  private func armTimer() {
    let earliest = timers.earliest
    guard earliest != armedDeadline else { return }
    armedDeadline = earliest
    _ = pup_timer_set(timer, max(earliest ?? 0, earliest == nil ? 0 : 1), false)
  }

  private func runDueTimers() {
    guard let earliest = timers.earliest else { return }
    let now = Clock.boot
    guard earliest <= now else { return }
    while let handler = timers.popDue(at: now) { handler() }
  }

  // MARK: Jobs

  /// Runs `job` on the loop's thread; jobs run in the order in which they were posted.
  package func post(_ job: @escaping @Sendable () -> Void) { enqueue(.closure(job)) }

  package func enqueue(_ job: consuming ExecutorJob) { enqueue(.task(UnownedJob(job))) }

  package func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

  /// Lets actors on this loop use `assumeIsolated` inside a handler, which is no task.
  package func checkIsolated() {
    precondition(isOnThread, "not on the thread of event loop \(name)")
  }

  package var isOnThread: Bool { thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }

  private func enqueue(_ job: Job) {
    let wasEmpty = mailbox.withLock { jobs in
      jobs.append(job)
      return jobs.count == 1
    }
    if wasEmpty { _ = pup_event_raise(wake) }
  }

  private func runJobs() {
    let jobs = mailbox.withLock { jobs in
      let taken = jobs
      jobs.removeAll()
      return taken
    }
    for job in jobs {
      switch job {
      case .closure(let closure): closure()
      case .task(let task): task.runSynchronously(on: asUnownedSerialExecutor())
      }
    }
  }
}
