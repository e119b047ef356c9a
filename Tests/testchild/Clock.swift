import Glibc

enum Clock {
  /// Nanoseconds on CLOCK_BOOTTIME.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Sleeps until then, or until a signal asks to end.
  static func sleep(until deadline: Int64) {
    var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    while !Termination.wasAsked, clock_nanosleep(CLOCK_BOOTTIME, TIMER_ABSTIME, &time, nil) == EINTR {}
  }

  /// Sleeps until a signal asks to end, or for ever.
  static func sleepForEver() { while !Termination.wasAsked { sleep(until: now + 3_600_000_000_000) } }
}
