internal import PupAPI

/// The lines of a request's head, one after the other.
struct HeadLines {
  private(set) var count = 0
  /// Of the lines behind the first one, with their ends.
  private(set) var headerBytes = 0
  private var first: (method: String, target: String, version: String)?
  private var headers = HTTPHeaders()

  /// - Parameter line: not empty, without its end, without control characters but tabs.
  mutating func add(_ line: ArraySlice<UInt8>) throws(RequestRefusal) {
    defer { count += 1 }
    guard first != nil else {
      first = try Self.words(line)
      return
    }
    headerBytes += line.count + 2
    guard line.first != 0x20, line.first != 0x09 else { throw RequestRefusal("folded lines are not taken") }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw RequestRefusal("a header has no colon") }
    let name = line[..<colon]
    guard !name.isEmpty, name.allSatisfy(RequestHead.isTokenByte) else {
      throw RequestRefusal("the name of a header is not a word")
    }
    headers.append(String(decoding: name, as: UTF8.self), String(decoding: Self.trimmed(line[(colon + 1)...]), as: UTF8.self))
  }

  func whole() throws(RequestRefusal) -> RequestHead {
    guard let first else { throw RequestRefusal("there is no first line") }
    return RequestHead(
      method: first.method, target: first.target, version: first.version, headers: headers, headerBytes: headerBytes)
  }

  private static func words(
    _ line: ArraySlice<UInt8>
  ) throws(RequestRefusal) -> (method: String, target: String, version: String) {
    let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
    guard words.count == 3, words.allSatisfy({ !$0.isEmpty && !$0.contains(0x09) }) else {
      throw RequestRefusal("the first line must be a method, a path and HTTP/1.1, with single spaces between them")
    }
    guard words[0].allSatisfy(RequestHead.isTokenByte) else { throw RequestRefusal("the method is not a word") }
    let version = String(decoding: words[2], as: UTF8.self)
    if version != "HTTP/1.1", version != "HTTP/1.0" {
      let isOther = version.hasPrefix("HTTP/") && !version.hasPrefix("HTTP/1.")
      throw RequestRefusal(
        .init(.invalidRequest, "only HTTP/1.1 and HTTP/1.0 are spoken here"), status: isOther ? 505 : 400)
    }
    return (String(decoding: words[0], as: UTF8.self), String(decoding: words[1], as: UTF8.self), version)
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let byte = bytes.first, byte == 0x20 || byte == 0x09 { bytes.removeFirst() }
    while let byte = bytes.last, byte == 0x20 || byte == 0x09 { bytes.removeLast() }
    return bytes
  }
}
