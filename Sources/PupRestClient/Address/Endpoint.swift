internal import PupAPI

/// Where a Pup is reached.
struct Endpoint: Hashable, Sendable {
  /// Without a slash at its end: "http://127.0.0.1:49152".
  var base: String
  /// Dialled instead of the host that the base names.
  var socket: String?

  /// Longest path that fits `sockaddr_un` (unix(7)).
  private static let longestSocketPath = 107

  /// - Parameters:
  ///   - address: `http://host:port`, `https://host:port`, both with a path before which the interface lies if need be,
  ///     `unix:///path`, or `host:port`.
  ///   - environment: where `PUP_API_SOCKET` is looked up, which counts if `PUP_API_HOSTNAME` and `PUP_API_PORT` are what is dialled.
  init(_ address: String, environment: [String: String]) throws(PupError) {
    guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !address.isEmpty else {
      throw Self.wrong(address, "it is empty, or has blanks in it")
    }
    if let path = Self.rest(of: address, after: "unix://") {
      self = try Self.socket(path, address)
      return
    }
    let scheme = Self.rest(of: address, after: "https://") != nil ? "https" : "http"
    let rest = Self.rest(of: address, after: "https://") ?? Self.rest(of: address, after: "http://")
    if rest == nil, address.contains("://") { throw Self.wrong(address, "only http, https and unix are known") }
    let place = rest ?? address[...]
    let authority = place.prefix { $0 != "/" }
    let path = place[authority.endIndex...]
    guard !path.contains("?"), !path.contains("#") else { throw Self.wrong(address, "a query has no place here") }
    let (host, port) = try Self.hostAndPort(authority, scheme: rest == nil ? nil : scheme, address)
    let bracketed = host.contains(":") ? "[\(host)]" : String(host)
    base = "\(scheme)://\(bracketed):\(port)\(path.reversed().drop { $0 == "/" }.reversed().map(String.init).joined())"
    if scheme == "http", let own = environment["PUP_API_SOCKET"], !own.isEmpty, environment["PUP_API_PORT"] == String(port),
      environment["PUP_API_HOSTNAME"]?.lowercased() == host.lowercased()
    {
      socket = try Self.socket(own[...], own).socket
    }
  }

  private static func socket(_ path: Substring, _ address: String) throws(PupError) -> Endpoint {
    guard path.hasPrefix("/") else { throw wrong(address, "the path of a socket begins with '/': unix:///run/pup/api.sock") }
    guard path.utf8.count <= longestSocketPath else {
      throw wrong(address, "the path of a socket has at most \(longestSocketPath) bytes")
    }
    var endpoint = Endpoint(base: "http://localhost", socket: nil)
    endpoint.socket = String(path)
    return endpoint
  }

  private init(base: String, socket: String?) {
    self.base = base
    self.socket = socket
  }

  private static func hostAndPort(
    _ authority: Substring, scheme: String?, _ address: String
  ) throws(PupError) -> (host: Substring, port: UInt16) {
    guard !authority.contains("@") else { throw wrong(address, "a user has no place here; the token is the credential") }
    var host = authority
    var port: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw wrong(address, "']' is missing") }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw wrong(address, "after ']' comes ':' and the port") }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else if let colon = authority.lastIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
      guard !host.contains(":") else { throw wrong(address, "an IPv6 address stands in brackets: [::1]:49152") }
    }
    let allowed = host.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
        || "-._:%".utf8.contains(byte) || byte >= 0x80
    }
    guard !host.isEmpty, allowed else { throw wrong(address, "the host's name is not one") }
    guard let port else {
      guard let scheme else { throw wrong(address, "the port is missing") }
      return (host, scheme == "https" ? 443 : 80)
    }
    guard let number = UInt16(port), number > 0, port.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      throw wrong(address, "the port is a number from 1 to 65535")
    }
    return (host, number)
  }

  private static func rest(of text: String, after prefix: String) -> Substring? {
    text.lowercased().hasPrefix(prefix) ? text.dropFirst(prefix.count) : nil
  }

  private static func wrong(_ address: String, _ reason: String) -> PupError {
    PupError(
      .invalidParameter, "the address '\(address)' cannot be used: \(reason) (host:port, http://…, https://… or unix:///path)")
  }
}

extension Endpoint: CustomStringConvertible {
  var description: String { socket.map { "unix://\($0)" } ?? base }
}
