/// Bytes of one stream that are ready to be written: whole lines, possibly followed by a partial one.
struct LineBatch {
  let origin: LineOrigin
  /// Valid only during the call that passes the batch.
  let bytes: UnsafeRawBufferPointer
  /// The stream these bytes belong to; nil for Pup's own lines.
  let stream: Stream?
  /// The last line has no line feed and will be continued.
  let endsOpen: Bool
  let moment: LogMoment
  /// The severity of the unfinished line that the batch continues.
  var openSeverity: LogSeverity?
  /// Searched for once, so that ordinary text pays nothing for it.
  let hasEscapes: Bool

  struct Stream {
    let row: Int
    let key: UInt64
    /// Where `bytes` begin in the stream.
    let offset: UInt64
    let which: StreamMark
  }

  init(
    origin: LineOrigin, bytes: UnsafeRawBufferPointer, stream: Stream?, endsOpen: Bool, moment: LogMoment,
    openSeverity: LogSeverity? = nil
  ) {
    self.openSeverity = openSeverity
    self.origin = origin
    self.bytes = bytes
    self.stream = stream
    self.endsOpen = endsOpen
    self.moment = moment
    hasEscapes = bytes.contains(byte: EscapeSequence.escape)
  }

  /// Lines that end here; a last one without a line feed counts unless it is left open.
  var lineCount: Int {
    guard let last = bytes.last else { return 0 }
    return bytes.count(of: LineFormat.lineFeed) + (!endsOpen && last != LineFormat.lineFeed ? 1 : 0)
  }

  /// The severity of the line that the batch leaves unfinished.
  var severityLeftOpen: LogSeverity? {
    guard endsOpen, let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
    let start = bytes.lastPlace(of: LineFormat.lineFeed).map { $0 + 1 }
    if start == nil, let openSeverity { return openSeverity }
    return origin.severity(of: base + (start ?? 0), bytes.count - (start ?? 0))
  }

  /// The rest, from byte `start` on.
  func dropFirst(_ start: Int) -> LineBatch {
    guard start > 0 else { return self }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[min(start, bytes.count)...])
    let moved = stream.map { Stream(row: $0.row, key: $0.key, offset: $0.offset + UInt64(start), which: $0.which) }
    return LineBatch(origin: origin, bytes: rest, stream: moved, endsOpen: endsOpen, moment: moment, openSeverity: openSeverity)
  }
}

/// Which of a process's two streams a piece of a line belongs to, as one bit of a commit record.
enum StreamMark: UInt64 {
  case output = 1
  case error = 2
}

/// Both clocks at once: the wall clock for timestamps, and the one that never steps for waiting.
struct LogMoment {
  var wall: LogTime
  /// CLOCK_BOOTTIME, nanoseconds.
  var boot: Int64
}
