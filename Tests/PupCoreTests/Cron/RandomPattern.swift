import PupBasics
import PupCore
import PupTestSupport

/// A random pattern together with its meaning, expressed independently of the parser.
struct RandomPattern {
  struct Column {
    var text: String
    var values: Set<Int>
    var isAny: Bool
  }

  var columns: [Column]

  init(_ generator: inout SeededGenerator, everyHour: Bool? = nil) {
    columns = [0...59, 0...59, 0...23, 1...31, 1...12, 0...6].enumerated().map { index, range in
      if index == 2, everyHour == true { return Column(text: "*", values: Set(range), isAny: true) }
      var column = Self.column(range, &generator)
      while index == 2, everyHour == false, column.values.count == 24 { column = Self.column(range, &generator) }
      return column
    }
  }

  var atFullMinutes: RandomPattern {
    var pattern = self
    pattern.columns[0] = Column(text: "0", values: [0], isAny: false)
    return pattern
  }

  var text: String { columns.map(\.text).joined(separator: " ") }

  private static func column(_ range: ClosedRange<Int>, _ generator: inout SeededGenerator) -> Column {
    let (low, high) = (range.lowerBound, range.upperBound)
    switch Int.random(in: 0..<10, using: &generator) {
    case ..<3: return Column(text: "*", values: Set(range), isAny: true)
    case ..<5:
      let step = Int.random(in: 2...max(2, high / 3), using: &generator)
      return Column(text: "*/\(step)", values: Set(stride(from: low, through: high, by: step)), isAny: false)
    case ..<7:
      let from = Int.random(in: range, using: &generator)
      let to = Int.random(in: from...high, using: &generator)
      return Column(text: "\(from)-\(to)", values: Set(from...to), isAny: false)
    default:
      let values = (0..<Int.random(in: 1...4, using: &generator)).map { _ in Int.random(in: range, using: &generator) }
      return Column(text: values.map(String.init).joined(separator: ","), values: Set(values), isAny: false)
    }
  }

  /// `local` counts seconds on the local clock.
  func matches(local: Int) -> Bool {
    let day = local.flooredQuotient(by: 86_400)
    let time = local - day * 86_400
    return columns[0].values.contains(time % 60) && columns[1].values.contains(time / 60 % 60)
      && columns[2].values.contains(time / 3600)
      && matches(day: day)
  }

  func matches(day: Int) -> Bool {
    let date = CivilDate(daysSinceEpoch: day)
    guard columns[4].values.contains(date.month) else { return false }
    let byDay = columns[3].values.contains(date.day)
    let byWeekday = columns[5].values.contains(CivilDate.weekday(daysSinceEpoch: day))
    switch (columns[3].isAny, columns[5].isAny) {
    case (true, true): return true
    case (true, false): return byWeekday
    case (false, true): return byDay
    case (false, false): return byDay || byWeekday
    }
  }
}
