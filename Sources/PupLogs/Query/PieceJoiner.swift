/// Joins the pieces of lines, oldest first, and returns lines in the order of their beginnings: lines that come while one is
/// unfinished wait for the rest of it.
struct PieceJoiner {
  /// A longer line is returned in parts. Bytes.
  static let longestLine = 1 << 20
  /// If more than this is waiting, the oldest line is returned without its rest.
  private static let mostOpen = 256
  private static let mostWaiting = 10_000
  private static let mostBytes = 16 << 20

  struct Key: Hashable {
    let process: String
    let category: String

    init(_ line: LogLine) {
      process = line.process
      category = line.category
    }
  }

  /// In the order of their beginnings; the first one is open.
  private var waiting: [LogLine] = []
  private var waitingBytes = 0
  /// How many lines were returned before the first of `waiting`.
  private var released = 0
  /// Unfinished lines, by their number.
  private var open: [Key: Int] = [:]

  /// The lines that wait for nothing any more.
  mutating func add(_ piece: LogLine) -> [LogLine] {
    if waiting.isEmpty, !piece.isPartial { return [piece] }
    let key = Key(piece)
    let place: Int
    if let number = open.removeValue(forKey: key), piece.isContinuation {
      place = number - released
      waiting[place].text += piece.text
      waiting[place].isPartial = piece.isPartial
    } else {
      place = waiting.count
      waiting.append(piece)
    }
    waitingBytes += piece.text.count
    if piece.isPartial, waiting[place].text.count < Self.longestLine { open[key] = released + place }
    var done = release()
    while open.count > Self.mostOpen || waiting.count > Self.mostWaiting || waitingBytes > Self.mostBytes,
      let first = waiting.first
    {
      open[Key(first)] = nil
      done += release()
    }
    return done
  }

  /// Those before the first one that is open.
  private mutating func release() -> [LogLine] {
    let place = open.isEmpty ? waiting.count : waiting.indices.first { open[Key(waiting[$0])] == released + $0 } ?? waiting.count
    guard place > 0 else { return [] }
    let done = Array(waiting[..<place])
    waiting.removeFirst(place)
    released += place
    waitingBytes -= done.reduce(0) { $0 + $1.text.count }
    return done
  }

  /// What remains at the end.
  mutating func finish() -> [LogLine] {
    open.removeAll()
    return release()
  }
}
