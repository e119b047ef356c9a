import Glibc

/// Listening on 127.0.0.1. The descriptor stays open until the process ends, also across exec.
enum Listener {
  static func openFreePort(announcedIn file: String) throws(Failure) {
    let descriptor = try open(port: 0)
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard code == 0 else { throw .system("getsockname") }
    try Files.writeAtomically("\(UInt16(bigEndian: address.sin_port))\n", to: file)
  }

  static func open(port: UInt16) throws(Failure) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw .system("socket") }
    // Connections that are still winding down must not count as "in use".
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0, Glibc.listen(descriptor, 16) == 0 else {
      let isInUse = errno == EADDRINUSE
      var failure = Failure.system("bind 127.0.0.1:\(port)")
      if isInUse { failure.code = Failure.addressInUseCode }
      throw failure
    }
    return descriptor
  }
}
