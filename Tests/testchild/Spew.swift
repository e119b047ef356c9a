import Glibc

/// Many lines.
struct Spew {
  #if arch(arm64)
    private static let directFlag: Int32 = 0o200000
  #else
    private static let directFlag: Int32 = 0o40000
  #endif

  private let options: SpewOptions
  private let lines: UInt64
  private var streams: [SpewStream] = []

  /// nil where no lines are wanted.
  init?(_ options: SpewOptions) throws(Failure) {
    guard let lines = options.lines else { return nil }
    self.options = options
    self.lines = lines
    let counts: LineCounts? = if let file = options.countFile { try LineCounts(file: file) } else { nil }
    let id = options.id ?? getenv("PUP_PROCESS_ID").map { String(cString: $0) } ?? "\(getpid())"
    if options.usesOutput { streams.append(SpewStream(.output, options, id: id, counts: counts)) }
    if options.usesError { streams.append(SpewStream(.error, options, id: id, counts: counts)) }
    if options.packets { try setPacketMode() }
  }

  consuming func run() throws(Failure) {
    let start = Clock.now
    var number: UInt64 = 0
    while number < lines, !Termination.wasAsked {
      number += 1
      let isOpen = number == lines && options.leavesOutLastNewline
      for index in streams.indices {
        guard streams[index].writeLine(withoutNewline: isOpen) else { return try finish() }
      }
      if let rate = options.linesPerSecond { Clock.sleep(until: start + Int64(Double(number) / rate * 1e9)) }
    }
    for index in streams.indices where !Termination.wasAsked {
      guard streams[index].flush(lastLineIsOpen: options.leavesOutLastNewline) else { return try finish() }
    }
  }

  /// A write that came to nothing is an error, unless it was interrupted by the wish to end.
  private func finish() throws(Failure) {
    guard Termination.wasAsked else { throw .system("write") }
  }

  private func setPacketMode() throws(Failure) {
    for descriptor in [options.usesOutput ? STDOUT_FILENO : nil, options.usesError ? STDERR_FILENO : nil].compactMap(\.self) {
      let flags = fcntl(descriptor, F_GETFL)
      guard flags >= 0, fcntl(descriptor, F_SETFL, flags | Self.directFlag) == 0 else { throw .system("fcntl(O_DIRECT)") }
    }
  }
}
