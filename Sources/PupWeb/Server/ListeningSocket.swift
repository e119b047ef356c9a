internal import CLinux
internal import Glibc
package import PupSystem

/// Sockets that listen, for a server or for somebody who keeps them for it.
package enum ListeningSocket {
  private static let backlog: Int32 = 1024

  /// A socket file that only its owner can use. What stands at `path` is replaced.
  package static func unix(path: String) throws(SystemError) -> Int32 {
    guard let address = address(of: path) else { throw SystemError("bind \(path)", errno: ENAMETOOLONG) }
    let descriptor = try create(AF_UNIX)
    // What a Pup before this one has left; anything else is not ours to remove.
    var info = stat()
    if lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFSOCK { unlink(path) }
    let code = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // Nobody can connect before `listen`: the mode is right from the first moment.
    guard code == 0, chmod(path, 0o600) == 0, listen(descriptor, backlog) == 0 else {
      throw failure("bind \(path)", closing: descriptor)
    }
    return descriptor
  }

  /// Whether somebody listens on the unix socket of this path.
  package static func answers(at path: String) -> Bool {
    guard let address = address(of: path), let descriptor = try? create(AF_UNIX) else { return false }
    defer { close(descriptor) }
    let code = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    // A full queue is somebody's, too.
    return code == 0 || errno == EAGAIN
  }

  private static func address(of path: String) -> sockaddr_un? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return address
  }

  /// Whether nobody has to be asked for the address: it is one, or `localhost`, which every machine knows.
  package static func isAddress(_ host: String) -> Bool {
    var address = in6_addr()
    return host.lowercased() == "localhost" || inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1
  }

  /// - Parameters:
  ///   - host: a name or an address.
  ///   - port: 0 lets the kernel choose.
  package static func tcp(host: String, port: UInt16) throws(ListeningFailure) -> (descriptor: Int32, port: UInt16) {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var found: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &found)
    guard code == 0, let first = found else {
      throw .unknownHost(
        host, code == EAI_SYSTEM ? "\(SystemError("resolve", errno: errno))" : String(cString: gai_strerror(code)))
    }
    defer { freeaddrinfo(first) }
    let descriptor: Int32
    do throws(SystemError) {
      descriptor = try create(first.pointee.ai_family)
    } catch {
      throw .refused(host, port, error)
    }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0, listen(descriptor, backlog) == 0 else {
      throw .refused(host, port, failure("bind \(host):\(port)", closing: descriptor))
    }
    return (descriptor, Self.port(of: descriptor) ?? port)
  }

  /// The first port from `first` that is free.
  package static func tcp(host: String, firstPort first: UInt16) throws(ListeningFailure) -> (descriptor: Int32, port: UInt16) {
    var port = first
    while true {
      do throws(ListeningFailure) {
        return try tcp(host: host, port: port)
      } catch {
        guard error.isTakenPort, port < .max else { throw error }
        port += 1
      }
    }
  }

  /// The port that a socket listens on; nil for one that is not of TCP.
  package static func port(of descriptor: Int32) -> UInt16? {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    let family = Int32(address.ss_family)
    guard code == 0, family == AF_INET || family == AF_INET6 else { return nil }
    // The port stands at the same place in both families.
    return withUnsafeBytes(of: &address) { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
  }

  private static func create(_ family: Int32) throws(SystemError) -> Int32 {
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(family, kind, 0)
    guard descriptor >= 0 else { throw SystemError("socket", errno: errno) }
    return descriptor
  }

  private static func failure(_ call: String, closing descriptor: Int32) -> SystemError {
    let reason = errno
    close(descriptor)
    return SystemError(call, errno: reason)
  }
}
