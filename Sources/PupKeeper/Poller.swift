internal import CLinux
internal import PupSystem

/// An epoll descriptor: what is watched, and under which key.
final class Poller {
  static let input = UInt32(PUP_EPOLL_IN)
  static let output = UInt32(PUP_EPOLL_OUT)

  private let epoll: Descriptor
  private var events = [pup_epoll_event](repeating: pup_epoll_event(), count: 64)

  init() throws(SystemError) { epoll = try Descriptor(pup_epoll_create(), "epoll_create1") }

  /// For the epoll that this one is nested in.
  var descriptor: Int32 { epoll.number }

  func add(_ descriptor: Int32, _ key: WatchKey, _ events: UInt32 = Poller.input) throws(SystemError) {
    try check(pup_epoll_add(epoll.number, descriptor, events, key.raw), "epoll_ctl")
  }

  /// It fails only for what is not watched: a socket whose far end is gone.
  func change(_ descriptor: Int32, _ key: WatchKey, _ events: UInt32) {
    _ = pup_epoll_modify(epoll.number, descriptor, events, key.raw)
  }

  /// It fails only for what is not watched.
  func remove(_ descriptor: Int32) { _ = pup_epoll_remove(epoll.number, descriptor) }

  /// - Parameter patience: in milliseconds; negative without a bound.
  /// - Returns: what is ready. Nothing after a signal or when the time is over.
  func wait(_ patience: Int32) -> [(key: WatchKey, events: UInt32)] {
    let count = events.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { pup_epoll_wait(epoll.number, $0, Int32(buffer.count), patience) } ?? 0
    }
    return events.prefix(max(0, Int(count))).compactMap { event in WatchKey(raw: event.data).map { ($0, event.events) } }
  }
}
