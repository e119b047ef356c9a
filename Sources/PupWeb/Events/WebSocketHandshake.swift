internal import CCrypto
internal import PupAPI
internal import PupTokens

/// RFC 6455 §4.2.
enum WebSocketHandshake {
  /// The value of `Sec-WebSocket-Accept`.
  static func accept(_ call: any Call) throws(PupError) -> String {
    let isUpgrade =
      call.parameter("Upgrade")?.lowercased() == "websocket"
      && call.parameter("Connection")?.lowercased().split(whereSeparator: { $0 == "," || $0 == " " }).contains("upgrade") == true
    guard isUpgrade else { throw PupError(.upgradeRequired, "this is a WebSocket: send Upgrade: websocket") }
    guard call.parameter("Sec-WebSocket-Version") == "13" else {
      throw PupError(.upgradeRequired, "only version 13 of the WebSocket protocol is spoken here")
    }
    guard let key = call.parameter("Sec-WebSocket-Key"), key.utf8.count == 24, key.hasSuffix("=="),
      key.utf8.dropLast(2).allSatisfy(isBase64)
    else {
      throw PupError(.invalidRequest, "Sec-WebSocket-Key must be 16 bytes in base64")
    }
    let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    guard pup_sha1(text, text.count, &digest) else { throw PupError(.failed, "libcrypto refuses SHA-1") }
    return Base64.encode(digest)
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}
