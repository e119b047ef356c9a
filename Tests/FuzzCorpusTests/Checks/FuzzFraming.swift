@testable internal import PupWeb

/// What a connection's bytes are cut into, for fuzzers.
package enum FuzzFraming {
  /// Requests, pieces of bodies (joined), ends and the status of a refusal, in order.
  /// - Parameter pieces: so many bytes come at once.
  package static func steps(of bytes: [UInt8], pieces: Int) -> [String] {
    var framing = RequestFraming(limits: WebLimits())
    var steps: [String] = []
    var body: [UInt8] = []
    var rest = bytes[...]
    func close() {
      if !body.isEmpty { steps.append(String(decoding: body, as: UTF8.self)) }
      body = []
    }
    while true {
      do throws(RequestRefusal) {
        switch try framing.next() {
        case .more:
          guard !rest.isEmpty else {
            close()
            return steps
          }
          framing.append(rest.prefix(pieces))
          rest = rest.dropFirst(min(pieces, rest.count))
        case .head(let head): steps.append("\(head.method) \(head.target)")
        case .body(let piece): body += piece
        case .end:
          close()
          steps.append("end")
          framing.beginNext()
        }
      } catch {
        close()
        steps.append("\(error.status)")
        return steps
      }
    }
  }

  /// What must hold for any bytes.
  package static func check(_ bytes: [UInt8]) -> [String] {
    let whole = steps(of: bytes, pieces: .max)
    var broken: [String] = []
    for pieces in [1, 2, 7] where steps(of: bytes, pieces: pieces) != whole {
      broken.append("in pieces of \(pieces) bytes it is something else")
    }
    if bytes.count > 0, whole.count > bytes.count { broken.append("more steps than bytes") }
    return broken
  }
}
