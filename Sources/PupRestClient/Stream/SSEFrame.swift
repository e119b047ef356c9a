/// One event of a `text/event-stream`.
struct SSEFrame: Hashable, Sendable {
  /// "message" if the stream does not name one.
  var event: String
  var data: String
  /// The latest id; empty if there is none.
  var id: String
}
