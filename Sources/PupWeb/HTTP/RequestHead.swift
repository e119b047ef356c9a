internal import PupAPI

/// The head of a request as it came, and the checks that every request passes before anything looks at it.
struct RequestHead {
  var method: String
  /// The second word of the request line, whole.
  var target: String
  var version: String
  var headers: HTTPHeaders
  var headerBytes: Int

  /// What follows the head.
  enum Body: Hashable {
    case none
    case length(Int)
    case chunks
  }

  func request(id: String, isLocal: Bool, limits: WebLimits) throws(PupError) -> HTTPRequest {
    guard version == "HTTP/1.1" || version == "HTTP/1.0" else {
      throw PupError(.invalidRequest, "only HTTP/1.1 and HTTP/1.0 are spoken here")
    }
    guard target.utf8.count <= limits.pathBytes else {
      throw PupError(.pathTooLong, "the path is longer than \(limits.pathBytes) bytes")
    }
    guard headerBytes <= limits.headerBytes else {
      throw PupError(.headersTooLarge, "the headers are larger than \(limits.headerBytes) bytes")
    }
    guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
      throw PupError(.invalidRequest, "the method is not a word")
    }
    for field in headers.fields where field.name.isEmpty || !field.name.utf8.allSatisfy(Self.isTokenByte) {
      throw PupError(.invalidRequest, "the name of a header is not a word")
    }
    for field in headers.fields where !field.value.utf8.allSatisfy(Self.isValueByte) {
      throw PupError(.invalidRequest, "the header \(field.name) contains control characters")
    }
    // HTTP/1.0 knows no Host, and health checks of load balancers speak it; no browser does.
    guard headers.count(of: "host") == 1 || isOld && headers.count(of: "host") == 0 else {
      throw PupError(.invalidRequest, "exactly one Host header is needed")
    }
    let (authority, text) = try originForm()
    let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts[0])
    return HTTPRequest(
      id: id, method: method, host: authority ?? headers["host"] ?? "", path: path, segments: try Self.segments(path),
      query: parts.count == 2 ? try Self.query(parts[1]) : [], headers: headers, isLocal: isLocal,
      keepsConnection: keepsConnection, isOld: isOld)
  }

  private var isOld: Bool { version == "HTTP/1.0" }

  /// Whether the client may send another request behind this one.
  private var keepsConnection: Bool {
    guard version == "HTTP/1.1" else { return false }
    return !headers.fields.contains { field in
      field.name == "connection" && field.value.lowercased().split { $0 == "," || $0 == " " || $0 == "\t" }.contains("close")
    }
  }

  /// What decides where a request ends must be said once: else this server and a proxy before it may disagree (request
  /// smuggling).
  func body() throws(RequestRefusal) -> Body {
    let lengths = headers.count(of: "content-length")
    let encodings = headers.count(of: "transfer-encoding")
    guard lengths <= 1, encodings <= 1, lengths + encodings <= 1 else {
      throw RequestRefusal("send one Content-Length or one Transfer-Encoding, not several and not both")
    }
    if let encoding = headers["transfer-encoding"] {
      guard encoding.lowercased() == "chunked", version == "HTTP/1.1" else {
        throw RequestRefusal("the only Transfer-Encoding understood is chunked, of HTTP/1.1")
      }
      return .chunks
    }
    guard let length = headers["content-length"] else { return .none }
    guard !length.isEmpty, length.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
      throw RequestRefusal("Content-Length is not a number")
    }
    guard let count = Int(length) else { throw RequestRefusal(PupError(.bodyTooLarge, "Content-Length is beyond all bounds")) }
    return .length(count)
  }

  /// `http://host/path`, which clients send to proxies, becomes `/path`; its host then counts, not the header's (RFC 9112
  /// §3.2.2).
  private func originForm() throws(PupError) -> (authority: String?, path: String) {
    guard target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw PupError(.invalidRequest, "the path contains bytes that must be escaped")
    }
    if target.hasPrefix("/") { return (nil, target) }
    for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
      let rest = target.dropFirst(scheme.count)
      let authority = String(rest.prefix { $0 != "/" && $0 != "?" })
      let path = rest.dropFirst(authority.count)
      return (authority, path.hasPrefix("/") ? String(path) : "/\(path)")
    }
    throw PupError(.invalidRequest, "the path must begin with /")
  }

  // MARK: - Escapes

  private static func segments(_ path: String) throws(PupError) -> [String] {
    var segments: [String] = []
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      segments.append(try decode(segment, plusIsBlank: false))
    }
    return segments
  }

  private static func query(_ text: Substring) throws(PupError) -> [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    for field in text.split(separator: "&") {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      // Of several with the same name the first one counts, as for the original.
      fields.append((try decode(parts[0], plusIsBlank: true), parts.count == 2 ? try decode(parts[1], plusIsBlank: true) : ""))
      guard fields.count <= 64 else { throw PupError(.invalidRequest, "more than 64 parameters") }
    }
    return fields
  }

  static func decode(_ text: Substring, plusIsBlank: Bool) throws(PupError) -> String {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
          throw PupError(.invalidRequest, "the path has a % without two hexadecimal digits")
        }
        bytes.append(high << 4 | low)
      case UInt8(ascii: "+") where plusIsBlank: bytes.append(UInt8(ascii: " "))
      default: bytes.append(byte)
      }
    }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }), let decoded = String(validating: bytes, as: UTF8.self) else {
      throw PupError(.invalidRequest, "the path encodes control characters or invalid UTF-8")
    }
    return decoded
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  /// RFC 9110 §5.5, with what is not ASCII.
  static func isValueByte(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") }

  /// RFC 9110 §5.6.2.
  static func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }
}
