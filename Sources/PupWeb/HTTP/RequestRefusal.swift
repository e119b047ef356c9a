package import PupAPI

/// Why bytes are no request, or none that is served. Where a request ends is not sure then: the connection ends with this answer.
package struct RequestRefusal: Error, Hashable {
  package var status: Int
  package var error: PupError

  init(_ error: PupError, status: Int? = nil) {
    self.error = error
    self.status = status ?? error.status
  }

  /// 400.
  init(_ message: String) { self.init(PupError(.invalidRequest, message)) }
}
