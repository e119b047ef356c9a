internal import PupAPI
internal import PupTestSupport

/// A stream of `GET /events`.
final class EventFeed {
  struct Item: CustomStringConvertible {
    /// "<epoch>-<n>"; "" for what has none.
    var id: String
    var event: String
    var data: JSONValue

    var processId: String { data["processId"]?.stringValue ?? "" }
    var description: String { "\(id) \(event) \(processId) \(data["newState"]?.stringValue ?? "")" }
  }

  private let connection: WebConnection
  private var text: [UInt8] = []

  init(_ connection: WebConnection, _ path: String, token: String, after id: String? = nil) throws {
    self.connection = connection
    try connection.send("GET", path, token: token, headers: id.map { ["Last-Event-ID": $0] } ?? [:])
    let head = try connection.head()
    guard head.status == 200 else { throw Failure("\(path): status \(head.status)") }
  }

  /// Nil at the end of the stream, and when nothing came in time.
  func next() throws -> Item? {
    while true {
      if let item = takeItem() { return item }
      guard let chunk = try connection.chunk() else { return nil }
      text += chunk
    }
  }

  /// Passes over others.
  @discardableResult
  func wait(for event: String, seconds: Double = 10, where isWanted: (Item) -> Bool = { _ in true }) throws -> Item {
    connection.deadline = Deadline(seconds: seconds)
    var passed: [String] = []
    while let item = try next() {
      if item.event == event, isWanted(item) { return item }
      passed.append(item.event)
    }
    throw Failure("no event \(event) within \(seconds) s; others: \(passed.suffix(20))")
  }

  /// What still comes until the server ends the stream.
  func rest(seconds: Double = 10) throws -> [Item] {
    connection.deadline = Deadline(seconds: seconds)
    var items: [Item] = []
    while let item = try next() { items.append(item) }
    return items
  }

  /// A block up to an empty line; comments are none.
  private func takeItem() -> Item? {
    while let end = text.indices.dropLast().first(where: { text[$0] == 10 && text[$0 + 1] == 10 }) {
      let lines = text[..<end].split(separator: 10)
      text.removeFirst(end + 2)
      var item = Item(id: "", event: "", data: .null)
      for line in lines {
        let words = String(decoding: line, as: UTF8.self)
        if words.hasPrefix("id: ") { item.id = String(words.dropFirst(4)) }
        if words.hasPrefix("event: ") { item.event = String(words.dropFirst(7)) }
        if words.hasPrefix("data: ") { item.data = (try? JSONValue(parsing: String(words.dropFirst(6)))) ?? .null }
      }
      if !item.event.isEmpty { return item }
    }
    return nil
  }
}
