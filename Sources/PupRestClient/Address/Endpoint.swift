internal import PupAPI

/// The address of a Pup.
struct Endpoint: Hashable, Sendable {
  /// Without a trailing slash: "http://127.0.0.1:49152".
  var base: String
  /// Connected to instead of the host in `base`.
  var socket: String?

  /// The longest path that fits in `sockaddr_un` (unix(7)).
  private static let longestSocketPath = 107

  /// - Parameters:
  ///   - address: `http://host:port` or `https://host:port`, optionally with a path prefix of the interface,
  ///     `unix:///path`, or `host:port`.
  ///   - environment: where `PUP_API_SOCKET` is looked up; it is used if `address` is `PUP_API_HOSTNAME` with `PUP_API_PORT`.
  init(_ address: String, environment: [String: String]) throws(PupError) {
    // The rest is a literal path, whatever it contains.
    if let path = Self.rest(of: address, after: "unix://") {
      self = try Self.socket(path, address)
      return
    }
    guard address.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !address.isEmpty else {
      throw Self.wrong(address, "it is empty or contains whitespace")
    }
    let scheme = Self.rest(of: address, after: "https://") != nil ? "https" : "http"
    let rest = Self.rest(of: address, after: "https://") ?? Self.rest(of: address, after: "http://")
    if rest == nil, address.contains("://") { throw Self.wrong(address, "only http, https and unix are supported") }
    let place = rest ?? address[...]
    let authority = place.prefix { $0 != "/" }
    let path = place[authority.endIndex...]
    guard !path.contains("?"), !path.contains("#") else { throw Self.wrong(address, "it must not have a query") }
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
    guard path.hasPrefix("/") else { throw wrong(address, "the path of a socket must begin with '/': unix:///run/pup/api.sock") }
    guard !path.utf8.contains(0) else { throw wrong(address, "the path contains a NUL character") }
    var endpoint = Endpoint(base: "http://localhost", socket: nil)
    endpoint.socket = String(path)
    guard path.utf8.count > longestSocketPath else { return endpoint }
    // A Pup whose folder has such a long path listens elsewhere, and a file there says where.
    guard let pointed = SocketPointer.read(beside: path), pointed.utf8.count <= longestSocketPath else {
      throw wrong(
        address,
        "the path of a socket has at most \(longestSocketPath) bytes, but this one has \(path.utf8.count), and no \(SocketPointer.name) "
          + "file beside it names a shorter one: use host:port, or run Pup with a shorter --temp-dir")
    }
    endpoint.socket = pointed
    return endpoint
  }

  private init(base: String, socket: String?) {
    self.base = base
    self.socket = socket
  }

  private static func hostAndPort(
    _ authority: Substring, scheme: String?, _ address: String
  ) throws(PupError) -> (host: Substring, port: UInt16) {
    guard !authority.contains("@") else { throw wrong(address, "it must not have a user; the token is the credential") }
    var host = authority
    var port: Substring?
    if authority.hasPrefix("[") {
      guard let end = authority.firstIndex(of: "]") else { throw wrong(address, "']' is missing") }
      host = authority[authority.index(after: authority.startIndex)..<end]
      let rest = authority[authority.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { throw wrong(address, "']' must be followed by ':' and the port") }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else if let colon = authority.lastIndex(of: ":") {
      host = authority[..<colon]
      port = authority[authority.index(after: colon)...]
      guard !host.contains(":") else { throw wrong(address, "an IPv6 address must be in brackets: [::1]:49152") }
    }
    let allowed = host.utf8.allSatisfy { byte in
      UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
        || "-._:%".utf8.contains(byte) || byte >= 0x80
    }
    guard !host.isEmpty, allowed else { throw wrong(address, "the host name is not valid") }
    guard let port else {
      guard let scheme else { throw wrong(address, "the port is missing") }
      return (host, scheme == "https" ? 443 : 80)
    }
    guard let number = UInt16(port), number > 0, port.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
      throw wrong(address, "the port must be a number from 1 to 65535")
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
