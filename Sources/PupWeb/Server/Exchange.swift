internal import CMicroHTTPD
package import PupAPI
internal import PupSystem
package import PupTokens

/// A request and the answer to come. `answer` may be called from any thread, once; the rest belongs to the loop's thread.
package final class Exchange: @unchecked Sendable {
  enum Phase {
    /// The body is on its way.
    case receiving
    /// Somebody works on the answer.
    case handling
    case answered(HTTPResponse)
    /// The answer is with libmicrohttpd.
    case sent
    case closed
  }

  package var request: HTTPRequest
  /// Who sent it; nil on a route that needs no token.
  package var principal: Principal?
  /// The values of the route's `{…}`.
  package var parameters: [String: String] = [:]
  var route: Route?
  /// The page of another origin that may read the answer (CORS).
  var sharedOrigin: String?
  /// Known before the body has come; told when it has.
  var refusal: PupError?
  var phase = Phase.receiving
  var isSuspended = false
  var discarded = 0
  /// Nil where nobody wants to know.
  private(set) var presence: ClientPresence?
  let began = Clock.boot
  let handle: OpaquePointer
  let listener: Listener

  init(request: HTTPRequest, handle: OpaquePointer, listener: Listener) {
    self.request = request
    self.handle = handle
    self.listener = listener
  }

  /// A browser asks whether a page of another origin, which was configured, may send what it wants to send.
  var isPreflight: Bool {
    request.method == "OPTIONS" && sharedOrigin != nil && request.headers["access-control-request-method"] != nil
  }

  /// Looked at each second, as long as the answer is not there.
  func watchClient() -> ClientPresence {
    let watched = presence ?? ClientPresence()
    presence = watched
    return watched
  }

  package func answer(_ response: HTTPResponse) {
    guard listener.loop.isOnThread else {
      listener.loop.post { self.answer(response) }
      return
    }
    guard case .handling = phase else { return }
    phase = .answered(response)
    resume()
  }

  package func answer(data: some JSONEncodable, status: Int = 200) { answer(.data(data, status: status)) }
  package func answer(_ error: PupError) { answer(.error(error)) }

  /// Lets libmicrohttpd go on with the connection.
  func resume() {
    guard isSuspended else { return }
    isSuspended = false
    MHD_resume_connection(handle)
    listener.runSoon()
  }

  func suspend() {
    guard !isSuspended else { return }
    isSuspended = true
    MHD_suspend_connection(handle)
  }
}
