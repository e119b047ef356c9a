internal import PupAPI

@testable internal import PupRestClient

/// What must hold of the reader of event streams whatever bytes come. For fuzzers and seeded tests.
package enum FuzzEvents {
  /// - Parameter bytes: the first one says how the rest is cut into pieces.
  /// - Returns: what does not hold; empty where all is well.
  package static func check(_ bytes: [UInt8]) -> [String] {
    guard let seed = bytes.first else { return [] }
    let text = bytes.dropFirst()
    // Short ones, so that the bounds are met as well.
    let longest = seed & 1 == 0 ? 64 : 1 << 16
    let whole = read([text], longest)
    var broken: [String] = []
    if read(pieces(text, seed), longest) != whole { broken.append("it matters where the stream is cut") }
    for frame in whole.frames {
      if frame.data.utf8.count > longest * 3 { broken.append("an event is longer than the bound") }
      if frame.event.isEmpty { broken.append("an event has no name") }
      let isHeader = frame.id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
      if !isHeader || frame.id.utf8.count > 200 { broken.append("an id cannot be sent as a header") }
      guard let json = try? JSONValue(parsing: frame.data) else { continue }
      let name = EventName(rawValue: frame.event)
      if let payload = try? EventPayload(name, reading: json) {
        let again = try? EventPayload(name, reading: JSONValue(parsing: payload.jsonBytes, limits: JSONLimits(bytes: .max)))
        if again?.name != name || again?.processId != payload.processId { broken.append("\(name.rawValue) changes when written") }
      }
    }
    return broken
  }

  private struct Outcome: Equatable {
    var frames: [SSEFrame] = []
    var lastID = ""
    var retry: Int?
    var isTooLong = false
  }

  private static func read(_ pieces: [ArraySlice<UInt8>], _ longest: Int) -> Outcome {
    var parser = SSEParser(longest: longest)
    var outcome = Outcome()
    do throws(SSEParser.TooLong) {
      for piece in pieces { try parser.feed(piece) { outcome.frames.append($0) } }
      (outcome.lastID, outcome.retry) = (parser.lastID, parser.retry)
    } catch {
      outcome.isTooLong = true
    }
    return outcome
  }

  private static func pieces(_ text: ArraySlice<UInt8>, _ seed: UInt8) -> [ArraySlice<UInt8>] {
    var (rest, pieces, state) = (text, [ArraySlice<UInt8>](), UInt32(seed))
    while !rest.isEmpty {
      state = state &* 1_664_525 &+ 1_013_904_223
      let count = Int(state >> 28) + 1
      pieces.append(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    return pieces
  }
}
