internal import CLinux
internal import Glibc
package import PupSystem

/// Shows lines on Pup's own standard output and error, on a thread of its own: a slow or stopped terminal costs lines on the
/// console ("… N lines not shown") and nothing else.
///
/// Its descriptors stay blocking: a terminal is shared with the shell and with programs that would not survive O_NONBLOCK on it.
package final class ConsoleSink: @unchecked Sendable {
  private let queue: ConsoleQueue
  private let outputIsTerminal: Bool
  private let errorIsTerminal: Bool
  private let colors: Bool
  /// What a line looks like on a terminal.
  private var shown: [UInt8] = []
  /// The stream whose line is unfinished on the screen. Only for the pump's thread.
  private var openKey: UInt64?
  /// Precedes the rest of a line that was interrupted by another one.
  private static let goesOn = Array("…".utf8)

  /// - Parameters:
  ///   - colors: used if the descriptor is a terminal.
  ///   - capacity: bytes that may wait.
  package init(output: Int32 = 1, error: Int32 = 2, colors: Bool = true, capacity: Int = 1 << 20) throws(SystemError) {
    queue = ConsoleQueue(capacity: capacity)
    outputIsTerminal = pup_is_terminal(output)
    errorIsTerminal = pup_is_terminal(error)
    self.colors = colors
    try ConsoleThread(queue: queue, output: output, error: error).start()
  }

  /// For tests: a terminal with colors or without, or none, whatever the descriptors are.
  init(output: Int32, error: Int32, isTerminal: Bool, colors: Bool, capacity: Int) throws(SystemError) {
    queue = ConsoleQueue(capacity: capacity)
    (outputIsTerminal, errorIsTerminal) = (isTerminal, isTerminal)
    self.colors = colors
    try ConsoleThread(queue: queue, output: output, error: error).start()
  }

  /// Shows what is waiting, for at most this long. Nothing is shown afterwards.
  /// - Returns: false if lines had to be left behind.
  @discardableResult
  package func finish(timeoutMilliseconds: Int = 1000) -> Bool { queue.close(timeoutMilliseconds: timeoutMilliseconds) }

  func append(_ batch: LineBatch, decorate: Bool, context: SinkContext) {
    guard var scanner = PieceScanner(batch) else { return }
    let isTerminal = batch.origin.isError ? errorIsTerminal : outputIsTerminal
    let colors = isTerminal && colors
    let key = batch.stream?.key ?? 0
    var style: ConsoleStyle?
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
      while context.buffer.count < 32 << 10 {
        let goesOn = scanner.position == 0 && batch.openSeverity != nil
        guard let piece = scanner.next() else { break }
        if openKey == nil {
          // The end of a line that something else already follows.
          if goesOn, piece.length == 0, !piece.continues { continue }
          let own = ConsoleStyle(batch.origin, piece)
          if style != own { own.prepare(batch, colors: colors, decorate: decorate, in: context) }
          style = own
          context.buffer.append(context.prefix.base, context.prefix.count)
          if goesOn { context.buffer.append(Self.goesOn) }
        }
        if isTerminal {
          show(piece, batch, colors, context)
        } else if batch.hasEscapes {
          context.buffer.appendPlain(piece.start, piece.length)
        } else {
          context.buffer.append(piece.start, piece.length)
        }
        openKey = piece.continues ? key : nil
        guard !piece.continues else { continue }
        // A line that another batch has begun may have been colored there.
        if colors, batch.hasEscapes || style.map({ $0.color != nil }) ?? true { context.buffer.append(ConsoleColor.reset) }
        context.buffer.append(LineFormat.lineFeed)
      }
      if context.buffer.count > 0 { queue.push(context.buffer.bytes, isError: batch.origin.isError) }
    }
  }

  /// Only programs use colors of their own; Pup's lines quote what others have said.
  private func show(_ piece: PieceScanner.Piece, _ batch: LineBatch, _ colors: Bool, _ context: SinkContext) {
    shown.removeAll(keepingCapacity: true)
    ConsoleText.append(
      piece.start, piece.length, to: &shown, endsLine: !piece.continues, passesColors: colors && batch.stream != nil)
    context.buffer.append(shown)
  }

  private func hide(_ scanner: inout PieceScanner) {
    var lines = 0
    while let piece = scanner.next() {
      if !piece.continues { lines += 1 }
    }
    queue.hide(lines: lines)
  }
}
