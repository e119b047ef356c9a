import Testing

@testable import PupWeb

@Suite("What of a WebSocket is unfinished") struct WebSocketProgressTests {
  /// A masked frame that comes in these portions; what is unfinished after each.
  private func unfinished(_ portions: [(bytes: Int, began: (Bool, UInt8, UInt64)?, ends: Bool)]) -> [Int64?] {
    var progress = WebSocketProgress()
    var now: Int64 = 0
    return portions.map { bytes, began, ends in
      now += 1
      progress.received(bytes)
      if let began { progress.began(isLast: began.0, opcode: began.1, payload: began.2) }
      if ends { progress.ended() }
      progress.settle(at: now)
      return progress.unfinishedSince
    }
  }

  @Test("a frame in portions, since its first byte") func frames() {
    #expect(unfinished([(1, nil, false), (5, (true, 1, 5), false), (5, nil, true)]) == [1, 1, nil])
    #expect(unfinished([(8 + 126, (true, 1, 126), true), (14 + 70_000, (true, 2, 70_000), true)]) == [nil, nil])
    #expect(unfinished([(8 + 125, (true, 1, 126), false), (1, nil, true)]) == [1, nil])
    // The next one has begun with the end of the one before.
    #expect(unfinished([(11 + 1, (true, 1, 5), true)]) == [1])
  }

  @Test("a message in fragments, whatever comes between") func fragments() {
    #expect(unfinished([(7, (false, 1, 1), true), (6, (true, 9, 0), true), (7, (true, 0, 1), true)]) == [1, 1, nil])
  }

  @Test("an absurd length") func absurd() { #expect(unfinished([(14, (true, 1, .max), false)]) == [1]) }
}
