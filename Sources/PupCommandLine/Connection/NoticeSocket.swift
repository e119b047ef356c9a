internal import CLinux
internal import Glibc
internal import PupInstance
internal import PupSystem

/// Where a Pup that is being started says that it supervises, as it says it to a service manager (sd_notify).
final class NoticeSocket {
  enum Outcome { case ready, ended, late }

  /// For NOTIFY_SOCKET: an address without a file.
  let address: String
  private let incoming: Descriptor

  init() throws(InstanceError) {
    var random = SystemRandomNumberGenerator()
    let name = "pup-run-\(getpid())-\(String(random.next(), radix: 16))"
    address = "@" + name
    func failure() -> InstanceError {
      InstanceError(.system, "a socket to hear from the background: \(String(cString: pup_error_text(errno)))")
    }
    incoming = Descriptor(
      socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0))
    guard incoming.isOpen else { throw failure() }
    var place = sockaddr_un()
    place.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &place.sun_path) { $0.copyBytes(from: [0] + Array(name.utf8)) }
    let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
    let code = withUnsafePointer(to: place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(incoming.number, $0, length) }
    }
    guard code == 0 else { throw failure() }
  }

  /// - Parameter pidfd: of the process whose end is the other outcome.
  func awaitReady(until deadline: Int64, or pidfd: Descriptor) -> Outcome {
    while true {
      let rest = max(0, deadline - Clock.monotonic) / 1_000_000
      var ready = [
        pollfd(fd: incoming.number, events: Int16(POLLIN), revents: 0),
        pollfd(fd: pidfd.number, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&ready, 2, Int32(clamping: rest))
      if count == 0 { return .late }
      if count < 0 { continue }
      if ready[0].revents != 0 {
        var text = [UInt8](repeating: 0, count: 4096)
        let length = recv(incoming.number, &text, text.count, 0)
        let lines = text.prefix(max(0, length)).split(separator: 10)
        if lines.contains(where: { $0.elementsEqual("READY=1".utf8) }) { return .ready }
      } else if ready[1].revents != 0 {
        return .ended
      }
    }
  }
}
