/// What is known to be safe in one sink: its file, the file's length, and the last piece of a stream that went into it.
///
/// It is a redo record: the brain that takes over raises the stream's committed offset to `offset`, and cuts a segment of the
/// store, to which nothing else writes, to `length`. Earlier pieces need no record, because their offsets were stored before this
/// one was written.
struct SinkRecord: Equatable {
  /// A store segment: its sequence number and 0. A file: inode and device.
  var identity: Identity
  /// Bytes of the file that count.
  var length: UInt64
  /// The stream of the last commit; `key` 0 is none.
  var row: UInt32 = 0
  var key: UInt64 = 0
  /// How much of that stream is in the sink.
  var offset: UInt64 = 0
  /// Bits whose meaning depends on the kind of sink: which line is unfinished.
  var openMarks: UInt32 = 0
  /// Lines that were dropped and not reported yet.
  var lost: UInt64 = 0

  struct Identity: Equatable {
    var first: UInt64
    var second: UInt64
  }
}

extension SinkRecord {
  init(values: SlotValues) {
    self.init(
      identity: Identity(first: values[0], second: values[1]), length: values[2], row: UInt32(truncatingIfNeeded: values[3]),
      key: values[4], offset: values[5], openMarks: UInt32(truncatingIfNeeded: values[3] >> 32), lost: values[6])
  }

  var values: SlotValues {
    [identity.first, identity.second, length, UInt64(openMarks) << 32 | UInt64(row), key, offset, lost]
  }
}
