internal import Glibc
package import PupSystem

/// Why nothing listens on an address: what it was, and the way out.
package enum ListeningFailure: Error, Hashable, CustomStringConvertible {
  /// And what the resolver says.
  case unknownHost(String, String)
  case refused(_ host: String, _ port: UInt16, SystemError)

  package var isTakenPort: Bool {
    if case .refused(_, _, let error) = self { error.errno == EADDRINUSE } else { false }
  }

  package var description: String {
    switch self {
    case .unknownHost(let host, let reason):
      return "the host \(host) cannot be looked up (\(reason)): correct api.hostname, or use an address such as 127.0.0.1"
    case .refused(let host, let port, let error):
      let place = "cannot listen on \(host.contains(":") ? "[\(host)]" : host):\(port)"
      switch error.errno {
      case EADDRINUSE:
        return
          "\(place): another program has the port. Choose another one with api.port, or leave it out for the first that is free"
      case EACCES,
        EPERM where port > 0 && port < 1024:
        return
          "\(place): ports below 1024 are for root. Choose a greater api.port, or give Pup the capability CAP_NET_BIND_SERVICE"
      case EADDRNOTAVAIL:
        return
          "\(place): this machine does not have the address. Correct api.hostname: 127.0.0.1 for this machine only, 0.0.0.0 for all"
      case EAFNOSUPPORT:
        return "\(place): this machine does not speak that kind of address. Correct api.hostname"
      default: return "\(place): \(error)"
      }
    }
  }
}
