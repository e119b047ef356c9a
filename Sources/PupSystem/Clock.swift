internal import CLinux

package enum Clock {
  /// In nanoseconds.
  package static let second: Int64 = 1_000_000_000
  /// Nanoseconds on CLOCK_BOOTTIME: keeps counting while the machine sleeps, never steps.
  package static var boot: Int64 { pup_clock_now(PUP_CLOCK_BOOTTIME) }
  /// Nanoseconds on CLOCK_MONOTONIC: stands still while the machine sleeps.
  package static var monotonic: Int64 { pup_clock_now(PUP_CLOCK_MONOTONIC) }
  /// Microseconds since 1970 on CLOCK_REALTIME.
  package static var wallMicroseconds: Int64 { pup_clock_now(PUP_CLOCK_REALTIME) / 1000 }
}
