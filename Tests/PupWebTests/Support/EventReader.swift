import PupAPI

/// Reads Server-Sent Events from a chunked answer.
final class EventReader {
  struct Event: Equatable {
    var id: String?
    var name: String
    var data: String
  }

  let client: RawClient
  private var text = ""

  /// Sends the request and reads the answer's head.
  init(_ server: TestServer, _ path: String, token: String, lastID: String? = nil) throws {
    client = try server.connect()
    let resume = lastID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
    try client.send(
      "GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: Bearer \(token)\r\n\(resume)\r\n")
    let head = try client.head()
    guard head.status == 200, head.headers["content-type"]?.hasPrefix("text/event-stream") == true else {
      throw RawClient.Failure(text: "status \(head.status)")
    }
  }

  /// Nil at the end of the stream. Comments are passed over.
  func next() throws -> Event? {
    while true {
      while let end = text.firstRange(of: "\n\n") {
        let block = text[..<end.lowerBound]
        text.removeSubrange(..<end.upperBound)
        var event = Event(id: nil, name: "", data: "")
        for line in block.split(separator: "\n") {
          if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
          if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
          if line.hasPrefix("data: ") { event.data = String(line.dropFirst(6)) }
        }
        if !event.name.isEmpty { return event }
      }
      let chunk = try client.chunk()
      if chunk.isEmpty { return nil }
      text += chunk
    }
  }
}
