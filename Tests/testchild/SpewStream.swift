import Glibc

/// One stream's lines on their way: made, collected, written, counted.
struct SpewStream {
  enum Kind { case output, error }

  private let kind: Kind
  private let chunk: Int
  private let counts: LineCounts?
  private var maker: LineMaker
  private var buffer: [UInt8] = []
  private var written: UInt64 = 0

  init(_ kind: Kind, _ options: SpewOptions, id: String, counts: LineCounts?) {
    self.kind = kind
    self.counts = counts
    chunk = options.chunk
    maker = LineMaker(word: kind == .output ? "out" : "err", id: id, length: options.lineLength)
    buffer.reserveCapacity(chunk + options.lineLength + 256)
  }

  private var descriptor: Int32 { kind == .output ? STDOUT_FILENO : STDERR_FILENO }

  /// Makes a line, and writes what has come together. False when writing is over.
  mutating func writeLine(withoutNewline: Bool) -> Bool {
    maker.append(to: &buffer)
    if withoutNewline { buffer.removeLast() }
    if chunk == 0 { return flush(upTo: buffer.count, lastLineIsOpen: withoutNewline) }
    while buffer.count >= chunk {
      guard flush(upTo: chunk, lastLineIsOpen: false) else { return false }
    }
    return true
  }

  mutating func flush(lastLineIsOpen: Bool) -> Bool {
    buffer.isEmpty || flush(upTo: buffer.count, lastLineIsOpen: lastLineIsOpen)
  }

  /// - Parameter lastLineIsOpen: the end of the buffer is the end of a line, though no newline says so.
  private mutating func flush(upTo count: Int, lastLineIsOpen: Bool) -> Bool {
    // The rest of a cut line belongs to a line that has begun.
    counts?.setBegun(maker.number, kind)
    let done = buffer.withUnsafeBytes { Output.write(UnsafeRawBufferPointer(rebasing: $0[..<count]), to: descriptor) }
    if let counts {
      written += UInt64(buffer[..<done].count { $0 == UInt8(ascii: "\n") })
      if lastLineIsOpen, done == buffer.count { written += 1 }
      counts.setWritten(written, kind)
    }
    if done == buffer.count { buffer.removeAll(keepingCapacity: true) } else { buffer.removeSubrange(..<done) }
    return done == count
  }
}
