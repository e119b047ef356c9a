/// One event of a `text/event-stream`.
struct SSEFrame: Hashable, Sendable {
  /// "message" where the stream names none.
  var event: String
  var data: String
  /// The last id so far; empty for none.
  var id: String
}
