internal import CLinux
internal import Glibc
internal import PupAPI
internal import PupTestSupport

/// What a Pup answered.
struct WebAnswer: CustomStringConvertible {
  var status: Int
  /// Names in lower case.
  var headers: [String: String]
  var body: String

  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
  var data: JSONValue { json["data"] ?? .null }
  var error: String { json["error"]?.stringValue ?? "" }
  var code: String { json["code"]?.stringValue ?? "" }
  /// Of an action.
  var outcome: String { data["outcome"]?.stringValue ?? "" }
  var message: String { data["message"]?.stringValue ?? "" }
  var description: String { "\(status) \(body.prefix(500))" }
}

/// A connection to a Pup on which every byte is known: no retry, no second connection behind the test's back.
final class WebConnection {
  private let socket: Int32
  private var received: [UInt8] = []
  var deadline: Deadline

  /// - Parameter seconds: for every wait on this connection, unless `deadline` is moved.
  init(path: String, seconds: Double = 10) throws {
    deadline = Deadline(seconds: seconds)
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw Failure("too long for a socket: \(path)") }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    try connect(to: address, named: path)
  }

  /// On 127.0.0.1.
  init(port: UInt16, seconds: Double = 10) throws {
    deadline = Deadline(seconds: seconds)
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    try connect(to: address, named: "127.0.0.1:\(port)")
  }

  deinit { close(socket) }

  private func connect<Address>(to address: Address, named name: String) throws {
    let size = socklen_t(MemoryLayout<Address>.size)
    let code = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(socket, $0, size) }
    }
    guard code == 0 else { throw Failure("connect \(name): \(String(cString: pup_error_text(errno)))") }
  }

  // MARK: Requests

  func request(
    _ method: String, _ path: String, token: String? = nil, body: String? = nil, headers: [String: String] = [:]
  ) throws -> WebAnswer {
    try send(method, path, token: token, body: body, headers: headers)
    return try answer()
  }

  func send(
    _ method: String, _ path: String, token: String? = nil, body: String? = nil, headers: [String: String] = [:]
  ) throws {
    var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
    if let token { text += "Authorization: Bearer \(token)\r\n" }
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if let body { text += "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n" }
    let bytes = Array("\(text)\r\n\(body ?? "")".utf8)
    let count = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    guard count == bytes.count else { throw Failure("send \(method) \(path): errno \(errno)") }
  }

  func answer() throws -> WebAnswer {
    var answer = try head()
    if let length = answer.headers["content-length"].flatMap({ Int($0) }) {
      answer.body = String(decoding: try take(length), as: UTF8.self)
    } else {
      while let chunk = try chunk() { answer.body += String(decoding: chunk, as: UTF8.self) }
    }
    return answer
  }

  func head() throws -> WebAnswer {
    let lines = try line(upTo: "\r\n\r\n").split(separator: "\r\n")
    guard let first = lines.first?.split(separator: " "), first.count > 1, let status = Int(first[1]) else {
      throw Failure("no status line: \(lines)")
    }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let pair = line.split(separator: ":", maxSplits: 1)
      headers[pair[0].lowercased()] = pair.count == 2 ? String(pair[1].drop { $0 == " " }) : ""
    }
    return WebAnswer(status: status, headers: headers, body: "")
  }

  /// Of a chunked body; nil at its end, or if the connection ends.
  func chunk() throws -> [UInt8]? {
    guard !received.isEmpty || hasMore() else { return nil }
    let size = try line(upTo: "\r\n").dropLast(1)
    guard let count = Int(size, radix: 16) else { throw Failure("no size of a chunk: \(size)") }
    let bytes = try take(count)
    _ = try take(2)
    return count == 0 ? nil : bytes
  }

  /// Whether nothing came and nothing ended within this time.
  func isSilent(seconds: Double) -> Bool {
    var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    return received.isEmpty && poll(&ready, 1, Int32(seconds * 1000)) == 0
  }

  // MARK: Bytes

  /// Including the mark; its last character is one, `\r\n`.
  private func line(upTo mark: String) throws -> String {
    let mark = Array(mark.utf8)
    var searched = 0
    while true {
      for start in stride(from: searched, through: received.count - mark.count, by: 1)
      where received[start..<start + mark.count].elementsEqual(mark) {
        return String(decoding: try take(start + mark.count), as: UTF8.self)
      }
      searched = max(received.count - mark.count + 1, 0)
      guard hasMore() else { throw Failure("the connection ended after \(received.count) bytes of an answer") }
    }
  }

  private func take(_ count: Int) throws -> [UInt8] {
    while received.count < count { guard hasMore() else { throw Failure("the connection ended within an answer") } }
    let bytes = Array(received[..<count])
    received.removeFirst(count)
    return bytes
  }

  /// False at the end of the connection, or when time runs out.
  private func hasMore() -> Bool {
    var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, deadline.milliseconds) > 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(socket, &chunk, chunk.count, 0)
    guard count > 0 else { return false }
    received += chunk[..<count]
    return true
  }
}
