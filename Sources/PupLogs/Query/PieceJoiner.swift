/// Joins the pieces of lines, read from the oldest to the newest.
struct PieceJoiner {
  /// A line is handed out in parts when it is longer. Bytes.
  static let longestLine = 1 << 20
  private static let mostPending = 256
  /// Of the lines that wait for the rest of them.
  private static let mostBytes = 16 << 20

  struct Key: Hashable {
    let process: String
    let category: String

    init(_ line: LogLine) {
      process = line.process
      category = line.category
    }
  }

  private var pending: [Key: LogLine] = [:]
  private var pendingBytes = 0

  /// The lines that are complete with this piece, and those of which the rest will not come.
  mutating func add(_ piece: LogLine) -> [LogLine] {
    let key = Key(piece)
    if pending.isEmpty, !piece.isPartial { return [piece] }
    var finished: [LogLine] = []
    var line = piece
    if let earlier = pending.removeValue(forKey: key) {
      pendingBytes -= earlier.text.count
      if piece.isContinuation {
        line = earlier
        line.text += piece.text
        line.isPartial = piece.isPartial
      } else {
        finished.append(earlier)
      }
    }
    let isShort = line.text.count < Self.longestLine && pendingBytes + line.text.count <= Self.mostBytes
    if line.isPartial, isShort, pending.count < Self.mostPending {
      pending[key] = line
      pendingBytes += line.text.count
    } else {
      finished.append(line)
    }
    return finished
  }

  /// What is left at the end, oldest first.
  mutating func finish() -> [LogLine] {
    defer {
      pending.removeAll()
      pendingBytes = 0
    }
    return pending.values.sorted { $0.time < $1.time }
  }
}
