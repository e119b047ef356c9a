/// What is about to be appended to a `logger.*` file, to which others may write as well. It is noted before the write, so that
/// the brain that takes over can compare the file with what these bytes of the stream produce, instead of cutting it.
struct SinkIntent: Equatable {
  /// The file's length before the write.
  var start: UInt64
  /// How many bytes were to be appended.
  var count: UInt64
  var key: UInt64
  /// They were produced from these bytes of the stream.
  var from: UInt64
  var to: UInt64
  /// The last of them leave their line unfinished.
  var endsOpen: Bool
  /// The time in decorated lines.
  var time: LogTime
}

extension SinkIntent {
  init(values: SlotValues) {
    self.init(
      start: values[0], count: values[1], key: values[2], from: values[3], to: values[4], endsOpen: values[5] != 0,
      time: LogTime(microseconds: Int64(bitPattern: values[6])))
  }

  var values: SlotValues { [start, count, key, from, to, endsOpen ? 1 : 0, UInt64(bitPattern: time.microseconds)] }
}
