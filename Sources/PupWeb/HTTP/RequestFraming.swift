internal import PupAPI

/// Cuts the bytes of a connection into requests (RFC 9112), without any of the leniency that the RFC allows: what a proxy before
/// this server might read differently is refused, and after a refusal nothing more is read. Does no input or output.
struct RequestFraming {
  enum Step {
    /// More bytes are needed.
    case more
    case head(RequestHead)
    /// A piece of the body.
    case body(ArraySlice<UInt8>)
    /// The request is whole. Nothing more is read before `beginNext`: a request is answered before the next one is looked at.
    case end
  }

  private enum State {
    /// Nothing of a request, or a part of its head.
    case head
    case length(Int)
    case chunkLine
    case chunk(Int)
    /// The CR LF behind a chunk's bytes.
    case chunkEnd
    /// The CR LF behind the last chunk.
    case bodyEnd
    case ended
    case refused
  }

  /// A chunk's size has more digits: nobody sends so much.
  private static let longestSize = 16
  private static let mostHeaders = 256
  /// Of the first line, beside its target.
  private static let longestWords = 8 << 10

  private let limits: WebLimits
  private var state = State.head
  private var buffer: [UInt8] = []
  /// What is before this was consumed.
  private var start = 0
  /// What is before this has been looked at.
  private var scanned = 0
  private var head = HeadLines()
  private var hasPassedEmptyLine = false

  init(limits: WebLimits) { self.limits = limits }

  /// Whether something of a request has come that is not whole yet.
  var isInside: Bool {
    switch state {
    case .head: head.count > 0 || scanned > start
    case .length, .chunkLine, .chunk, .chunkEnd, .bodyEnd: true
    case .ended, .refused: false
    }
  }

  /// How many bytes wait here.
  var waiting: Int { buffer.count - start }

  mutating func append(_ bytes: some Collection<UInt8>) {
    if start > 0 {
      buffer.removeFirst(start)
      scanned -= start
      start = 0
    }
    buffer.append(contentsOf: bytes)
  }

  /// What came behind the request: another protocol takes over.
  mutating func takeRest() -> [UInt8] {
    let rest = Array(buffer[start...])
    (buffer, start, scanned) = ([], 0, 0)
    return rest
  }

  /// After `end`.
  mutating func beginNext() {
    guard case .ended = state else { return }
    state = .head
    head = HeadLines()
    hasPassedEmptyLine = false
  }

  mutating func next() throws(RequestRefusal) -> Step {
    do throws(RequestRefusal) {
      return try read()
    } catch {
      state = .refused
      (buffer, start, scanned) = ([], 0, 0)
      throw error
    }
  }

  private mutating func read() throws(RequestRefusal) -> Step {
    while true {
      switch state {
      case .head:
        guard let whole = try readHead() else { return .more }
        switch try whole.body() {
        case .none: state = .length(0)
        case .length(let count): state = .length(count)
        case .chunks: state = .chunkLine
        }
        return .head(whole)
      case .length(0): state = .ended
      case .length(let count):
        guard let piece = take(count) else { return .more }
        state = .length(count - piece.count)
        return .body(piece)
      case .chunkLine:
        guard let size = try readChunkSize() else { return .more }
        state = size == 0 ? .bodyEnd : .chunk(size)
      case .chunk(0): state = .chunkEnd
      case .chunk(let count):
        guard let piece = take(count) else { return .more }
        state = .chunk(count - piece.count)
        return .body(piece)
      case .chunkEnd:
        guard try readLineEnd("the bytes of a chunk do not end where its size says") else { return .more }
        state = .chunkLine
      case .bodyEnd:
        guard try readLineEnd("trailers are not taken") else { return .more }
        state = .ended
      case .ended: return .end
      case .refused: return .more
      }
    }
  }

  // MARK: - Pieces

  private mutating func take(_ most: Int) -> ArraySlice<UInt8>? {
    let count = min(most, buffer.count - start)
    guard count > 0 else { return nil }
    defer { consume(count) }
    return buffer[start..<start + count]
  }

  private mutating func consume(_ count: Int) {
    start += count
    scanned = start
  }

  private mutating func readHead() throws(RequestRefusal) -> RequestHead? {
    while scanned < buffer.count {
      switch buffer[scanned] {
      case 0x0D:
        guard scanned + 1 < buffer.count else { return nil }
        guard buffer[scanned + 1] == 0x0A else { throw RequestRefusal("a line of the head ends without a line feed") }
        let line = buffer[start..<scanned]
        consume(line.count + 2)
        if !line.isEmpty {
          try head.add(line)
          guard head.count <= Self.mostHeaders + 1 else { throw tooLarge }
        } else if head.count > 0 {
          return try head.whole()
        } else {
          // One empty line before a request is common: old clients send it behind a body.
          guard !hasPassedEmptyLine else { throw RequestRefusal("only one empty line may come before a request") }
          hasPassedEmptyLine = true
        }
      case 0x0A: throw RequestRefusal("a line of the head ends without a carriage return")
      case 0x00..<0x20 where buffer[scanned] != 0x09, 0x7F: throw RequestRefusal("the head contains control characters")
      default: scanned += 1
      }
      try checkSize()
    }
    return nil
  }

  private func checkSize() throws(RequestRefusal) {
    let line = scanned - start
    if head.count == 0 {
      guard line <= limits.pathBytes + Self.longestWords else {
        throw RequestRefusal(PupError(.pathTooLong, "the path is longer than \(limits.pathBytes) bytes"))
      }
    } else if head.headerBytes + line > limits.headerBytes {
      throw tooLarge
    }
  }

  private var tooLarge: RequestRefusal {
    RequestRefusal(
      PupError(
        .headersTooLarge, "the headers are larger than \(limits.headerBytes) bytes, or more than \(Self.mostHeaders)"))
  }

  /// A size in hexadecimal digits and CR LF. Extensions, which nobody needs here, are refused: they hide what lenient readers see
  /// as lines.
  private mutating func readChunkSize() throws(RequestRefusal) -> Int? {
    while scanned < buffer.count, Self.isHexadecimal(buffer[scanned]) { scanned += 1 }
    let digits = buffer[start..<scanned]
    guard digits.count <= Self.longestSize else { throw RequestRefusal(PupError(.bodyTooLarge, "a chunk is too large")) }
    guard scanned < buffer.count else { return nil }
    guard !digits.isEmpty, buffer[scanned] == 0x0D else {
      throw RequestRefusal("the size of a chunk must be hexadecimal digits and the end of the line")
    }
    guard scanned + 1 < buffer.count else { return nil }
    guard buffer[scanned + 1] == 0x0A else { throw RequestRefusal("the size of a chunk ends without a line feed") }
    guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16) else {
      throw RequestRefusal(PupError(.bodyTooLarge, "a chunk is too large"))
    }
    consume(digits.count + 2)
    return size
  }

  private mutating func readLineEnd(_ reason: String) throws(RequestRefusal) -> Bool {
    let wanted: [UInt8] = [0x0D, 0x0A]
    let found = buffer[start..<min(start + 2, buffer.count)]
    guard found.elementsEqual(wanted.prefix(found.count)) else { throw RequestRefusal(reason) }
    guard found.count == 2 else { return false }
    consume(2)
    return true
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6
  }
}
