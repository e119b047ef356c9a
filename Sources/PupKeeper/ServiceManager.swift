internal import CLinux
internal import Glibc
internal import PupSystem

/// The service manager's side of sd_notify(3): READY and STATUS on the brain's word; STOPPING, EXTEND_TIMEOUT and the watchdog by
/// the keeper itself, so that a hung brain never makes the service manager kill the programs.
final class ServiceManager {
  private let address: String?
  private let watchdogInterval: Int64?
  private var nextPing: Int64?
  private var nextExtension: Int64?

  init() {
    address = getenv("NOTIFY_SOCKET").map { String(cString: $0) }
    let forUs = getenv("WATCHDOG_PID").flatMap { Int32(String(cString: $0)) }.map { $0 == getpid() } ?? true
    let microseconds = getenv("WATCHDOG_USEC").flatMap { Int64(String(cString: $0)) }
    if address != nil, forUs, let microseconds, microseconds > 0 {
      watchdogInterval = max(microseconds, 2000) * 1000 / 2
      nextPing = Clock.monotonic
    } else {
      watchdogInterval = nil
    }
  }

  func send(_ text: String) {
    guard let address else { return }
    // One that does not listen cannot be waited for.
    _ = pup_send_datagram(address, Array(text.utf8), text.utf8.count)
  }

  func stopping() {
    send("STOPPING=1")
    if address != nil { nextExtension = Clock.monotonic }
  }

  var deadline: Int64? { [nextPing, nextExtension].compactMap { $0 }.min() }

  func tick(_ now: Int64) {
    if let at = nextPing, at <= now, let watchdogInterval {
      send("WATCHDOG=1")
      nextPing = now + watchdogInterval
    }
    if let at = nextExtension, at <= now {
      // A stop is bounded by the programs' own deadlines, not by the service manager's default.
      send("EXTEND_TIMEOUT_USEC=10000000")
      nextExtension = now + 5 * Clock.second
    }
  }
}
