/// A request that was answered.
package struct AccessRecord: Hashable, Sendable {
  package var requestID: String
  package var method: String
  /// Without the query, control characters escaped as they were sent.
  package var path: String
  package var status: Int
  package var consumer: String?
  package var isLocal: Bool
  /// Neither a question nor what programs say of themselves.
  package var isChange: Bool
  /// Where the request came from; nil for one that changed nothing and was not refused, and where the client has left already.
  package var client: String?
  package var microseconds: Int64
  /// Of the body; 0 for streams.
  package var bytes: Int

  /// "POST /terminate 403 consumer=panel client=127.0.0.1:41236 153us 812B id=1f-3"
  package var text: String {
    let client = client.map { " client=\($0)" } ?? ""
    return "\(method) \(path) \(status) consumer=\(consumer ?? "-")\(client) \(microseconds)us \(bytes)B id=\(requestID)"
  }
}
