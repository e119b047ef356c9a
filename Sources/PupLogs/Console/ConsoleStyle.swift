/// How one line is shown: its severity, and its color on a terminal.
struct ConsoleStyle: Equatable {
  let severity: LogSeverity
  /// Of the whole line.
  let color: ConsoleColor?
  /// Standard error alone does not make a line an error: only its mark is red.
  let isMarkRed: Bool

  init(_ origin: LineOrigin, _ piece: PieceScanner.Piece) {
    let own = origin.detects ? LineLevel.severity(of: piece.start, piece.length) : nil
    severity = own ?? origin.severity
    isMarkRed = own == nil && origin.isStandardError
    color = isMarkRed ? nil : ConsoleColor(origin, severity)
  }

  /// Writes what precedes such a line to the context's prefix.
  func prepare(_ batch: LineBatch, colors: Bool, decorate: Bool, in context: SinkContext) {
    context.prefix.removeAll()
    if colors, let color { context.prefix.append(color.sequence) }
    guard decorate else { return }
    context.prefix.appendShort(batch.moment.wall)
    context.prefix.append(LineFormat.blank)
    if colors, isMarkRed { context.prefix.append(ConsoleColor.red.sequence) }
    context.prefix.append(LineOrigin.mark(severity))
    if colors, isMarkRed { context.prefix.append(ConsoleColor.reset) }
    context.prefix.append(batch.origin.decoration)
  }
}
