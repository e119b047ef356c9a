internal import Glibc
internal import PupTestSupport

/// A port of 127.0.0.1 that this process has, until `release`.
final class TakenPort {
  let number: UInt16
  private var socket: Int32

  init() throws {
    let taken = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isTaken = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(taken, address, size) == 0 && listen(taken, 1) == 0 && getsockname(taken, address, &size) == 0
      }
    }
    socket = taken
    number = UInt16(bigEndian: address.sin_port)
    guard isTaken else { throw Failure("no port to take: errno \(errno)") }
  }

  deinit { release() }

  func release() {
    if socket >= 0 { close(socket) }
    socket = -1
  }
}
