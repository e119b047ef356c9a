/// How far a client is with what it sends: a frame or message that is begun and never finished holds memory and a place.
struct WebSocketProgress {
  private static let longestFrame: UInt64 = 1 << 40

  /// Bytes that have come, and those of whole frames.
  private var received: UInt64 = 0
  private var framed: UInt64 = 0
  /// Of the frame whose head is there.
  private var frameBytes: UInt64 = 0
  private var frame: (isLast: Bool, isControl: Bool) = (true, true)
  /// Fragments of a message are there, and its last one is not.
  private var isMessageOpen = false
  /// Since when something is unfinished; nil for nothing.
  private(set) var unfinishedSince: Int64?

  mutating func received(_ count: Int) { received += UInt64(count) }

  /// The head of a frame is there.
  mutating func began(isLast: Bool, opcode: UInt8, payload: UInt64) {
    let head: UInt64 = payload < 126 ? 2 : payload < 1 << 16 ? 4 : 10
    // A client masks with four bytes.
    frameBytes = head + 4 + min(payload, Self.longestFrame)
    frame = (isLast, opcode & 8 != 0)
  }

  /// All of it is there.
  mutating func ended() {
    framed += frameBytes
    // Control frames may come between the fragments of a message.
    if !frame.isControl { isMessageOpen = !frame.isLast }
  }

  /// After everything that has come was looked at.
  mutating func settle(at now: Int64) { unfinishedSince = isMessageOpen || received > framed ? unfinishedSince ?? now : nil }
}
