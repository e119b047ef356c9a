internal import Glibc
internal import PupSystem

/// What the previous brain was about to append to a file when it died. The same bytes of the stream come again and are compared
/// with the file, to which others may have written since. What is already there is not written again, and nothing is cut.
struct FileReplay {
  /// How much of what is to be written is already there.
  enum Finding: Equatable {
    /// The first bytes (how many), at this offset.
    case there(Int, at: Int64)
    case nothing
    /// The first bytes (how many), at this offset, where the previous brain was interrupted; something follows them by now.
    case brokenOff(Int, at: Int64)
    /// Something else: neither all of it, nor its beginning at the end of the file.
    case uncertain
  }

  /// Others may have written up to this much in between.
  private static let longestSearch = 4 << 20
  /// A shorter match could be anyone's.
  private static let shortestSearch = 16

  private(set) var intent: SinkIntent
  /// The file's length at the take-over: the previous brain wrote nothing beyond it.
  let end: Int64
  /// Part of it has been found, so the rest can only follow directly.
  private var isFound = false
  private let reader: Descriptor?

  /// - Parameter reader: the file, open for reading.
  init(_ intent: SinkIntent, end: Int64, reader: Descriptor?) {
    self.intent = intent
    self.end = end
    self.reader = reader
  }

  /// The part of the batch that was to be written, with the time of that try. Nil if it is not the expected batch.
  func part(of batch: LineBatch) -> LineBatch? {
    guard let stream = batch.stream, stream.key == intent.key, stream.offset == intent.from else { return nil }
    let length = Int(clamping: intent.to - intent.from)
    let isWhole = batch.bytes.count >= length
    var moment = batch.moment
    moment.wall = intent.time
    return LineBatch(
      origin: batch.origin, bytes: UnsafeRawBufferPointer(rebasing: batch.bytes.prefix(length)), stream: stream,
      endsOpen: isWhole ? intent.endsOpen : batch.endsOpen, moment: moment, openSeverity: batch.openSeverity)
  }

  /// Looks for `bytes` in what the previous brain may have written.
  func look(for bytes: UnsafeRawBufferPointer) -> Finding {
    let start = Int64(intent.start)
    guard end > start else { return .nothing }
    let length = Int(min(end - start, Int64(bytes.count + Self.longestSearch)))
    let region = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
    defer { region.deallocate() }
    let count = LogFile.read(reader?.number ?? -1, at: start, into: region)
    let there = UnsafeRawBufferPointer(rebasing: region[..<count])
    let common = zip(there, bytes).prefix { $0 == $1 }.count
    if common == bytes.count { return .there(common, at: start) }
    // The write was interrupted, and nothing followed it at the take-over. (Pup itself may have written since.)
    if start + Int64(common) == end {
      return LogFile.status(reader?.number ?? -1)?.size == end ? .there(common, at: start) : .brokenOff(common, at: start)
    }
    guard !isFound, let place = Self.place(of: bytes, in: there) else { return .uncertain }
    return .there(bytes.count, at: start + Int64(place))
  }

  /// Bytes of the stream up to `offset` are in the file up to `place` now. False if nothing is left to compare.
  mutating func advance(to offset: UInt64, place: Int64) -> Bool {
    guard offset < intent.to, place < end else { return false }
    isFound = true
    intent.count -= min(intent.count, UInt64(place) - intent.start)
    intent.start = UInt64(place)
    intent.from = offset
    return true
  }

  /// Where the bytes follow lines of others.
  private static func place(of bytes: UnsafeRawBufferPointer, in region: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= shortestSearch, let base = region.baseAddress, let wanted = bytes.baseAddress else { return nil }
    var at = 0
    while at + bytes.count < region.count, let found = memchr(base + at, Int32(LineFormat.lineFeed), region.count - at) {
      at = UnsafeRawPointer(found) - base + 1
      if at + bytes.count <= region.count, memcmp(base + at, wanted, bytes.count) == 0 { return at }
    }
    return nil
  }
}
