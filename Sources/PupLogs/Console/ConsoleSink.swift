internal import CLinux
internal import Glibc
package import PupSystem

/// Shows lines on Pup's own standard output and error, on a thread of its own: a slow or stopped terminal costs lines on the console
/// ("… N lines not shown") and nothing else.
///
/// Its descriptors stay blocking: a terminal is shared with the shell and with programs that would not survive O_NONBLOCK on it.
package final class ConsoleSink: @unchecked Sendable {
  private let queue: ConsoleQueue
  private let outputColors: Bool
  private let errorColors: Bool
  /// The stream whose line is unfinished on the screen. The pump's thread only.
  private var openKey: UInt64?

  /// - Parameters:
  ///   - colors: where the descriptor is a terminal.
  ///   - capacity: bytes that may wait.
  package init(output: Int32 = 1, error: Int32 = 2, colors: Bool = true, capacity: Int = 1 << 20) throws(SystemError) {
    queue = ConsoleQueue(capacity: capacity)
    outputColors = colors && pup_is_terminal(output)
    errorColors = colors && pup_is_terminal(error)
    try ConsoleThread(queue: queue, output: output, error: error).start()
  }

  /// For tests: colours as told, whatever the descriptors are.
  init(output: Int32, error: Int32, forcedColors: Bool, capacity: Int) throws(SystemError) {
    queue = ConsoleQueue(capacity: capacity)
    outputColors = forcedColors
    errorColors = forcedColors
    try ConsoleThread(queue: queue, output: output, error: error).start()
  }

  /// Shows what is waiting, for at most so long. Nothing is shown afterwards.
  /// - Returns: false when lines had to be left behind.
  @discardableResult
  package func finish(timeoutMilliseconds: Int = 1000) -> Bool { queue.close(timeoutMilliseconds: timeoutMilliseconds) }

  func append(_ batch: LineBatch, decorate: Bool, context: SinkContext) {
    guard var scanner = PieceScanner(batch) else { return }
    let colors = batch.origin.isError ? errorColors : outputColors
    let color = colors ? ConsoleColor(batch.origin) : nil
    let key = batch.stream?.key ?? 0
    context.prefix.removeAll()
    if let color { context.prefix.append(color.sequence) }
    if decorate {
      context.prefix.appendShort(batch.moment.wall)
      context.prefix.append(batch.origin.decoration)
    }
    while !scanner.isAtEnd {
      guard queue.hasRoom else {
        hide(&scanner)
        return
      }
      context.buffer.removeAll()
      if openKey != nil, openKey != key {
        context.buffer.append(LineFormat.lineFeed)
        openKey = nil
      }
      while context.buffer.count < 32 << 10, let piece = scanner.next() {
        if openKey == nil { context.buffer.append(context.prefix.base, context.prefix.count) }
        if batch.hasEscapes, !colors {
          context.buffer.appendPlain(piece.start, piece.length)
        } else {
          context.buffer.append(piece.start, piece.length)
        }
        openKey = piece.continues ? key : nil
        guard !piece.continues else { continue }
        if color != nil || colors && batch.hasEscapes { context.buffer.append(ConsoleColor.reset) }
        context.buffer.append(LineFormat.lineFeed)
      }
      queue.push(context.buffer.bytes, isError: batch.origin.isError)
    }
  }

  private func hide(_ scanner: inout PieceScanner) {
    var lines = 0
    while let piece = scanner.next() {
      if !piece.continues { lines += 1 }
    }
    queue.hide(lines: lines)
  }
}
