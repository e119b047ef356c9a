import Glibc

/// SIGTERM, where it is neither ignored nor deadly.
enum Termination {
  nonisolated(unsafe) private static var asked: Int32 = 0

  static var wasAsked: Bool { asked != 0 }

  /// From now on SIGTERM makes `wasAsked` true and interrupts what blocks.
  static func listen() {
    // Evaluated here, so that nothing is left to be set up inside the handler.
    asked = 0
    // A signal just before a blocking call would leave it blocked; the alarms that follow interrupt it again.
    handle(SIGALRM) { _ in }
    handle(SIGTERM) { _ in
      Termination.asked = 1
      var often = itimerval(it_interval: timeval(tv_sec: 0, tv_usec: 5_000), it_value: timeval(tv_sec: 0, tv_usec: 5_000))
      setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &often, nil)
    }
  }

  /// The Swift runtime may have put crash reports in place of the default; this program is to die like any other.
  static func removeCrashHandlers() {
    for signal in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
      var action = sigaction()
      sigaction(signal, nil, &action)
      let isIgnored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if !isIgnored { reset(signal) }
    }
  }

  static func reset(_ signal: Int32) { Glibc.signal(signal, SIG_DFL) }
  static func ignore(_ signal: Int32) { Glibc.signal(signal, SIG_IGN) }

  /// No more alarms, and nothing is interrupted any more.
  static func settle() {
    var never = itimerval()
    setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &never, nil)
    asked = 0
    ignore(SIGTERM)
  }

  private static func handle(_ signal: Int32, _ handler: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    // Without SA_RESTART: calls that block are to end.
    sigaction(signal, &action, nil)
  }
}
