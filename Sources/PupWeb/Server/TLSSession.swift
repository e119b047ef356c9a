internal import CTLS

/// TLS of one connection: bytes of the network in, text out, and the other way round. Does no input or output.
final class TLSSession {
  enum Outcome {
    case going
    /// The client has taken its leave.
    case ended
    case failed
  }

  private static let piece = 16 << 10

  private let session: OpaquePointer

  init?(_ context: TLSContext) {
    guard let made = pup_tls_open(context.context) else { return nil }
    session = made
  }

  deinit { SSL_free(session) }

  /// Takes bytes of the network; what the client says in them is appended to `text`.
  func receive(_ bytes: ArraySlice<UInt8>, _ text: inout [UInt8]) -> Outcome {
    guard bytes.withUnsafeBytes({ $0.baseAddress.map { [count = $0.count] in pup_tls_put(session, $0, count) } ?? true }) else {
      return .failed
    }
    var piece = [UInt8](repeating: 0, count: Self.piece)
    while true {
      let count = pup_tls_read(session, &piece, piece.count)
      guard count <= 0 else {
        text.append(contentsOf: piece[..<Int(count)])
        continue
      }
      return count == Int64(PUP_TLS_BLOCKED.rawValue) ? .going : count == Int64(PUP_TLS_ENDED.rawValue) ? .ended : .failed
    }
  }

  /// False where nothing can be said any more.
  func send(_ text: ArraySlice<UInt8>) -> Bool {
    text.withUnsafeBytes { $0.baseAddress.map { [count = $0.count] in pup_tls_write(session, $0, count) == count } ?? true }
  }

  func sendGoodbye() { pup_tls_goodbye(session) }

  /// Appends what is to go over the network.
  func take(_ bytes: inout [UInt8]) {
    var piece = [UInt8](repeating: 0, count: Self.piece)
    while true {
      let count = pup_tls_take(session, &piece, piece.count)
      guard count > 0 else { return }
      bytes.append(contentsOf: piece[..<count])
    }
  }
}
