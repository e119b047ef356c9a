package import PupAPI

/// The outcome of a call.
package enum CallAnswer: Sendable {
  case content(CallContent)
  case failure(PupError)
  case stream(any BodySource)
  /// The connection switches to another protocol. Only HTTP can do that.
  case upgrade(Upgrade)

  /// The HTTP status.
  package var status: Int {
    switch self {
    case .content(let content): content.status
    case .failure(let error): error.status
    case .stream: 200
    case .upgrade: 101
    }
  }
}
