/// One column of a cron pattern.
enum CronField: CaseIterable {
  case second
  case minute
  case hour
  case dayOfMonth
  case month
  case dayOfWeek

  var name: String {
    switch self {
    case .second: "second"
    case .minute: "minute"
    case .hour: "hour"
    case .dayOfMonth: "day of month"
    case .month: "month"
    case .dayOfWeek: "day of week"
    }
  }

  /// The permitted numbers. (7 as day of week is Sunday, like 0.)
  var range: ClosedRange<Int> {
    switch self {
    case .second, .minute: 0...59
    case .hour: 0...23
    case .dayOfMonth: 1...31
    case .month: 1...12
    case .dayOfWeek: 0...7
    }
  }

  /// The numbers that `*` stands for.
  var all: ClosedRange<Int> { self == .dayOfWeek ? 0...6 : range }

  /// The number of a name such as JAN or mon; nil if this column has no such name.
  func number(named name: String) -> Int? {
    let names =
      switch self {
      case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
      case .dayOfWeek: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
      default: [String]()
      }
    return names.firstIndex(of: name.uppercased()).map { $0 + all.lowerBound }
  }

  var examples: String {
    switch self {
    case .second, .minute: "`*`, `*/10`, `0`, `0,30` or `10-20`"
    case .hour: "`*`, `*/2`, `3`, `9,18` or `9-17`"
    case .dayOfMonth: "`*`, `1`, `1-7`, `L` (the last day), `LW` (the last weekday) or `15W` (the weekday nearest to the 15th)"
    case .month: "`*`, `1`, `JAN`, `1-6` or `*/3`"
    case .dayOfWeek: "`*`, `1`, `MON-FRI`, `5L` (the last Friday) or `MON#2` (the second Monday)"
    }
  }
}
