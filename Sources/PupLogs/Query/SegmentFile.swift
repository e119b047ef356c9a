internal import Glibc
internal import PupSystem

/// A segment that is open for reading, up to a length that was seen once: what is appended later is ignored.
final class SegmentFile {
  /// Bisecting stops at ranges of this length.
  private static let linearRange: Int64 = 32 << 10

  private let file: Descriptor
  let size: Int64

  /// - Parameter limit: read at most up to here. Nil if the file cannot be opened (it may just have been purged).
  init?(path: String, limit: Int64 = .max) {
    guard let file = try? LogFile.open(path, O_RDONLY) else { return nil }
    self.file = file
    size = min(limit, LogFile.status(file.number)?.size ?? 0)
  }

  func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let wanted = max(0, min(Int64(buffer.count), size - offset))
    return LogFile.read(file.number, at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(wanted)]))
  }

  var lastTime: LogTime? { Self.tail(file.number, size: size).lastTime }

  /// The end of the last whole line: what follows is being written, or damaged.
  var wholeEnd: Int64 { lastFeed(before: size).map { $0 + 1 } ?? 0 }

  /// Where the last line feed before `end` is.
  func lastFeed(before end: Int64) -> Int64? {
    var end = end
    while end > 0 {
      let start = max(0, end - (64 << 10))
      let feed = withUnsafeTemporaryAllocation(byteCount: Int(end - start), alignment: 1) { buffer in
        let count = read(at: start, into: buffer)
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]).lastPlace(of: LineFormat.lineFeed)
      }
      if let feed { return start + Int64(feed) }
      end = start
    }
    return nil
  }

  /// Where the first line feed from `start` on is.
  func firstFeed(from start: Int64, to end: Int64) -> Int64? {
    var at = start
    while at < end {
      let found = withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 1) { buffer -> (feed: Int?, count: Int) in
        let count = min(read(at: at, into: buffer), Int(min(end - at, 64 << 10)))
        return (
          UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]).firstIndex(of: LineFormat.lineFeed), count
        )
      }
      if let feed = found.feed { return at + Int64(feed) }
      guard found.count > 0 else { return nil }
      at += Int64(found.count)
    }
    return nil
  }

  /// The end of the file: whether its last line is whole, and the time of the last whole line among the last few hundred
  /// kilobytes.
  static func tail(_ descriptor: Int32, size: Int64) -> (endsWithLineFeed: Bool, lastTime: LogTime?) {
    guard size > 0 else { return (true, nil) }
    var endsWithLineFeed = false
    var window = 4096
    while true {
      let start = max(0, size - Int64(window))
      let time = withUnsafeTemporaryAllocation(byteCount: Int(size - start), alignment: 1) { buffer -> LogTime? in
        let count = LogFile.read(descriptor, at: start, into: buffer)
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
        endsWithLineFeed = bytes.last == LineFormat.lineFeed
        var end = bytes.lastPlace(of: LineFormat.lineFeed) ?? 0
        while end > 0 {
          let head = UnsafeRawBufferPointer(rebasing: bytes[..<end])
          let lineStart = head.lastPlace(of: LineFormat.lineFeed).map { $0 + 1 } ?? (start == 0 ? 0 : -1)
          guard lineStart >= 0 else { return nil }
          if let time = StoredLine.time(UnsafeRawBufferPointer(rebasing: head[lineStart...])) { return time }
          end = lineStart - 1
        }
        return nil
      }
      if let time { return (endsWithLineFeed, time) }
      guard start > 0, window < 1 << 20 else { return (endsWithLineFeed, nil) }
      window *= 8
    }
  }

  // MARK: - Bisecting

  /// The offset of the first line that is not older than `time`; the size if there is none. Timestamps of a segment never
  /// decrease; damaged lines are skipped.
  func firstOffset(notBefore time: LogTime) -> Int64 {
    var low: Int64 = 0
    var high = size
    // Every line that starts before `low` is older; the first one that starts at `high` or later is not.
    while high - low > Self.linearRange {
      let middle = low + (high - low) / 2
      if let line = firstLine(after: middle, before: high), line.time < time { low = line.offset } else { high = middle }
    }
    return scan(from: low, notBefore: time)
  }

  /// The first undamaged line that starts after the first line feed at or after `offset`, and before `limit`.
  private func firstLine(after offset: Int64, before limit: Int64) -> (offset: Int64, time: LogTime)? {
    var at = offset
    var isAtLineStart = false
    let block = 4096
    return withUnsafeTemporaryAllocation(byteCount: block + Timestamp.width + 1, alignment: 1) { buffer in
      while at < limit {
        let count = read(at: at, into: buffer)
        guard count > 0 else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])
        var place = 0
        while place < min(block, count) {
          if isAtLineStart, at + Int64(place) < limit,
            let time = StoredLine.time(UnsafeRawBufferPointer(rebasing: bytes[place...]))
          {
            return (at + Int64(place), time)
          }
          let rest = UnsafeRawBufferPointer(rebasing: bytes[place..<min(block, count)])
          guard let feed = rest.firstIndex(of: LineFormat.lineFeed) else {
            isAtLineStart = false
            break
          }
          place += feed + 1
          isAtLineStart = true
        }
        at += Int64(min(block, count))
      }
      return nil
    }
  }

  private func scan(from start: Int64, notBefore time: LogTime) -> Int64 {
    var block = LineBlock()
    var offset = start
    while let end = block.loadForward(self, from: offset, to: size) {
      for index in 0..<block.count {
        if let found = StoredLine.time(block.bytes(index)), found >= time { return offset + Int64(block.start(index)) }
      }
      offset = end
    }
    return size
  }
}
