/// Receives a record of every answered request.
package protocol AccessLog: Sendable {
  /// - Parameter record: never contains a token or a query.
  func accessed(_ record: AccessRecord)
}
