internal import Glibc

/// A stretch of a segment that begins and ends with a line, with the positions of its lines.
struct LineBlock: ~Copyable {
  /// The first read is small, because the first lines are often all that is wanted; then the size doubles.
  private static let firstSize = 16 << 10
  private static let largestSize = 256 << 10
  /// A longer line is damaged, since Pup writes none. It is skipped as a whole, from whichever side it is reached.
  static let longestLine = 4 * LineFormat.maximumLine

  private var memory: UnsafeMutableRawBufferPointer
  private var size = LineBlock.firstSize
  private var lines: [(start: Int, length: Int)] = []

  init() { memory = .allocate(byteCount: Self.firstSize, alignment: 16) }

  deinit { memory.deallocate() }

  var count: Int { lines.count }
  func start(_ index: Int) -> Int { lines[index].start }

  /// Line `index` without its line feed.
  func bytes(_ index: Int) -> UnsafeRawBufferPointer {
    let line = lines[index]
    return UnsafeRawBufferPointer(rebasing: memory[line.start..<(line.start + line.length)])
  }

  /// Reads lines from `offset`, where a line begins. Returns where the next block begins; nil at the end, and when only the
  /// beginning of a line is left.
  mutating func loadForward(_ file: SegmentFile, from offset: Int64, to end: Int64) -> Int64? {
    lines.removeAll(keepingCapacity: true)
    guard offset < end else { return nil }
    while true {
      let count = load(file, from: offset, to: min(end, offset + Int64(size)))
      let bytes = UnsafeRawBufferPointer(rebasing: memory[..<count])
      if let feed = bytes.lastPlace(of: LineFormat.lineFeed) {
        index(bytes, from: 0, to: feed + 1)
        size = min(size * 2, Self.largestSize)
        return offset + Int64(feed + 1)
      }
      guard count == size else { return nil }
      if size > Self.longestLine { return file.firstFeed(from: offset + Int64(count), to: end).map { $0 + 1 } }
      size *= 2
    }
  }

  /// Reads lines that end at `end`, after a line feed, and do not start before `start`. Returns the end of the previous block;
  /// nil if there is none.
  mutating func loadBackward(_ file: SegmentFile, from start: Int64, to end: Int64) -> Int64? {
    lines.removeAll(keepingCapacity: true)
    guard start < end else { return nil }
    var end = end
    while true {
      let first = max(start, end - Int64(size))
      let count = load(file, from: first, to: end)
      let bytes = UnsafeRawBufferPointer(rebasing: memory[..<count])
      let limit = bytes.lastPlace(of: LineFormat.lineFeed).map { $0 + 1 } ?? 0
      if first == start {
        index(bytes, from: 0, to: limit)
        return start
      }
      // The beginning of a line is not a line.
      if limit > 0, limit < count {
        end = first + Int64(limit)
        continue
      }
      // The first line feed ends a line that begins before the block.
      if let feed = bytes.firstIndex(of: LineFormat.lineFeed), feed + 1 < limit {
        index(bytes, from: feed + 1, to: limit)
        size = min(size * 2, Self.largestSize)
        return first + Int64(feed + 1)
      }
      if size > Self.longestLine { return file.lastFeed(before: first).map { max(start, $0 + 1) } ?? start }
      size *= 2
    }
  }

  private mutating func load(_ file: SegmentFile, from start: Int64, to end: Int64) -> Int {
    let wanted = Int(end - start)
    if memory.count < wanted {
      memory.deallocate()
      memory = .allocate(byteCount: max(wanted, size), alignment: 16)
    }
    return file.read(at: start, into: UnsafeMutableRawBufferPointer(rebasing: memory[..<wanted]))
  }

  private mutating func index(_ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) {
    guard let base = bytes.baseAddress else { return }
    var at = start
    while at < end, let found = memchr(base + at, Int32(LineFormat.lineFeed), end - at) {
      let feed = UnsafeRawPointer(found) - base
      if feed - at <= Self.longestLine { lines.append((at, feed - at)) }
      at = feed + 1
    }
  }
}
