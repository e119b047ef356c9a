import Glibc

/// The server's end of a connection. Used only on the connection's thread.
final class ServedConnection: @unchecked Sendable {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private(set) var isClosed = false

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  func readRequest() -> ReceivedRequest? {
    var end: Int?
    while end == nil {
      end = buffer.indices.dropLast(3).first { buffer[$0..<$0 + 4].elementsEqual("\r\n\r\n".utf8) }
      if end == nil, !fill() { return nil }
    }
    guard let end else { return nil }
    let lines = String(decoding: buffer[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = lines[0].split(separator: " ").map(String.init)
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }
    buffer.removeFirst(end + 4)
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    while buffer.count < length { if !fill() { return nil } }
    let body = String(decoding: buffer[..<length], as: UTF8.self)
    buffer.removeFirst(length)
    return ReceivedRequest(method: words[0], target: words[1], headers: headers, body: body, connection: 0)
  }

  private func fill() -> Bool {
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return false }
    buffer += bytes[..<count]
    return true
  }

  // MARK: Answers

  /// False if the client has gone.
  @discardableResult
  func send(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else {
        isClosed = true
        return false
      }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  func answer(_ body: String) { answer(200, body) }

  func answer(_ status: Int, _ body: String, headers: [String] = []) {
    let lines = headers.map { $0 + "\r\n" }.joined()
    send("HTTP/1.1 \(status) X\r\nContent-Type: application/json\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  func beginEvents() {
    send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n")
  }

  @discardableResult
  func chunk(_ text: String) -> Bool { send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n") }

  func endChunks() { send("0\r\n\r\n") }

  func close() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    isClosed = true
  }

  /// Closes with a reset, as when a machine goes down.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    isClosed = true
  }

  /// Returns when the client has drained its socket, so that what is sent next
  /// is read separately. Only for a Unix socket, whose queue is the reader's.
  func waitUntilRead() {
    var unread: Int32 = 0
    while ioctl(descriptor, UInt(TIOCOUTQ), &unread) == 0, unread > 0 { sched_yield() }
  }

  /// Returns when the client has closed its end.
  func waitForEnd() {
    while fill() {}
    isClosed = true
  }
}
