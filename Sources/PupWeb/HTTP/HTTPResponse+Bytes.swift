extension HTTPResponse {
  /// How a client knows where the answer ends.
  enum Extent {
    case length(Int)
    case chunks
    /// With the connection, or there is no content.
    case open
  }

  /// The head as it is sent.
  /// - Parameter isLast: the connection ends with this answer.
  func head(_ extent: Extent, isLast: Bool, date: String, requestID: String, shared: SharedOrigin?) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(HTTPStatus.phrase(status))\r\nDate: \(date)\r\n"
    if case .upgrade = content { text += "Connection: Upgrade\r\n" } else if isLast { text += "Connection: close\r\n" }
    switch extent {
    case .length(let count): text += "Content-Length: \(count)\r\n"
    case .chunks: text += "Transfer-Encoding: chunked\r\n"
    case .open: break
    }
    switch content {
    case .bytes(_, let type):
      text += "Content-Type: \(type)\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
    case .stream(let source): text += Self.streamHeaders(source.type)
    case .streamHead(let type): text += Self.streamHeaders(type)
    case .none, .upgrade: break
    }
    for header in headers { text += "\(header.name): \(header.value)\r\n" }
    text += "X-Request-Id: \(requestID)\r\n"
    if let shared {
      text += "Access-Control-Allow-Origin: \(shared.origin)\r\nAccess-Control-Expose-Headers: \(shared.exposedHeaders)\r\n"
      text += "Vary: Origin\r\n"
    }
    return Array((text + "\r\n").utf8)
  }

  private static func streamHeaders(_ type: String) -> String {
    "Content-Type: \(type)\r\nCache-Control: no-store\r\nX-Accel-Buffering: no\r\n"
  }

  /// A piece of a body whose length nobody knows.
  static func chunk(_ bytes: [UInt8]) -> [UInt8] {
    Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [0x0D, 0x0A]
  }

  static let lastChunk = Array("0\r\n\r\n".utf8)
  static let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
}
