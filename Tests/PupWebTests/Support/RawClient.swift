import Glibc
import PupAPI
import PupWeb

/// A client that sends exactly the bytes it is given. Every wait ends after five seconds.
final class RawClient {
  struct Failure: Error { var text: String }

  let socket: Int32
  private var received: [UInt8] = []

  init(port: UInt16) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let code = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard code == 0 else { throw Failure(text: "connect: \(errno)") }
    setTimeout()
  }

  init(path: String) throws {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let code = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard code == 0 else { throw Failure(text: "connect: \(errno)") }
    setTimeout()
  }

  private func setTimeout() {
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Its own one.
  var port: UInt16 { ListeningSocket.port(of: socket) ?? 0 }

  func close() { Glibc.close(socket) }

  /// Sends the same again and again until the other side has taken nothing for half a second, or `limit` bytes.
  /// - Returns: how many bytes were taken.
  func flood(_ bytes: [UInt8], limit: Int) -> Int {
    var taken = 0
    while taken < limit {
      let count = Glibc.send(socket, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
      if count > 0 {
        taken += count
        continue
      }
      guard errno == EAGAIN else { return taken }
      var writable = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
      guard poll(&writable, 1, 500) == 1, writable.revents & Int16(POLLOUT) != 0 else { return taken }
    }
    return taken
  }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Failure(text: "send: \(errno)") }
      sent += count
    }
  }

  /// False at the end of the connection.
  private func receive() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 65536)
    let count = recv(socket, &chunk, chunk.count, 0)
    if count < 0, errno == ECONNRESET { return false }
    guard count >= 0 else {
      throw Failure(text: "recv: \(errno); so far: \(String(decoding: received.suffix(300), as: UTF8.self))")
    }
    received.append(contentsOf: chunk[..<count])
    return count > 0
  }

  /// Exactly so many bytes.
  func read(_ count: Int) throws -> [UInt8] {
    while received.count < count {
      guard try receive() else { throw Failure(text: "the connection ended") }
    }
    let bytes = Array(received[..<count])
    received.removeFirst(count)
    return bytes
  }

  /// Up to and with `end`.
  func read(until end: String) throws -> String {
    let mark = Array(end.utf8)
    var searched = 0
    while true {
      var start = max(searched - mark.count, 0)
      while start + mark.count <= received.count {
        if received[start] == mark[0], received[start..<start + mark.count].elementsEqual(mark) {
          return String(decoding: try read(start + mark.count), as: UTF8.self)
        }
        start += 1
      }
      searched = received.count
      guard try receive() else { throw Failure(text: "the connection ended") }
    }
  }

  /// Everything until the other side closes.
  func readToEnd() throws -> String {
    while try receive() {}
    let bytes = received
    received = []
    return String(decoding: bytes, as: UTF8.self)
  }

  func head() throws -> RawResponse {
    let lines = try read(until: "\r\n\r\n").split(separator: "\r\n")
    guard let first = lines.first, let status = Int(first.split(separator: " ")[1]) else { throw Failure(text: "no status line") }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
    }
    return RawResponse(status: status, headers: headers, body: "")
  }

  func response(isHead: Bool = false) throws -> RawResponse {
    var response = try head()
    if let length = response.headers["content-length"].flatMap({ Int($0) }), !isHead {
      response.body = String(decoding: try read(length), as: UTF8.self)
    }
    return response
  }

  /// A chunk of a chunked body; empty at its end.
  func chunk() throws -> String {
    let size = try read(until: "\r\n").dropLast()
    guard let count = Int(size, radix: 16) else { throw Failure(text: "no chunk size: \(size)") }
    let text = String(decoding: try read(count), as: UTF8.self)
    _ = try read(2)
    return text
  }
}

struct RawResponse {
  var status: Int
  var headers: [String: String]
  var body: String

  var json: JSONValue? { try? JSONValue(parsing: body) }
  var error: String? { json?["error"]?.stringValue }
  var code: String? { json?["code"]?.stringValue }
}
