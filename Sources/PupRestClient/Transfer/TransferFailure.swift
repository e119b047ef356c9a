internal import CCurl
internal import PupAPI

/// Why there is no response.
struct TransferFailure: Error, Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// No connection was established: the server has received nothing.
    case connect
    /// The connection broke; the server may have acted.
    case broken
    case timedOut
    case cancelled
    /// Not HTTP, not the expected certificate, too long …; another attempt would have the same result.
    case unusable
    case overloaded
  }

  var kind: Kind
  var reason: String

  init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }

  init(_ code: CURLcode, detail: String) {
    let reason = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
    let kind: Kind =
      switch code {
      case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST: .connect
      case CURLE_OPERATION_TIMEDOUT: .timedOut
      case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SSL_CONNECT_ERROR: .broken
      default: .unusable
      }
    self.init(kind, reason)
  }

  func error(at endpoint: Endpoint) -> PupError {
    switch kind {
    case .connect: PupError(.notReachable, "cannot connect to \(endpoint): \(reason); is Pup running there?")
    case .broken: PupError(.notReachable, "the connection to \(endpoint) broke: \(reason)")
    case .timedOut: PupError(.timedOut, "\(endpoint) timed out: \(reason)")
    case .cancelled: PupError(.cancelled, "cancelled")
    case .unusable: PupError(.unexpectedAnswer, "\(endpoint): \(reason)")
    case .overloaded: PupError(.unavailable, reason)
    }
  }
}
