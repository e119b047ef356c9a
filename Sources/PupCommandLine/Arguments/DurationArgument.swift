/// A span of time as people write it on the command line.
enum DurationArgument {
  private static let units: [(words: [String], seconds: Int64)] = [
    (["s", "sec", "secs", "second", "seconds"], 1), (["m", "min", "mins", "minute", "minutes"], 60),
    (["h", "hr", "hrs", "hour", "hours"], 3600), (["d", "day", "days"], 86_400), (["w", "week", "weeks"], 604_800),
  ]

  /// Seconds of `90`, `10m`, `1h30m`, `2 days`, `1 hour 5 min`; nil for anything else.
  static func seconds(_ text: String) -> Int64? {
    if let number = plain(text) { return number }
    var rest = Substring(text.lowercased())
    var total: Int64 = 0
    skipBlanks(&rest)
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix(while: isDigit)
      guard let number = Int64(digits) else { return nil }
      rest = rest.dropFirst(digits.count)
      skipBlanks(&rest)
      let word = rest.prefix { $0.isASCII && $0.isLetter }
      guard let unit = units.first(where: { $0.words.contains(String(word)) }) else { return nil }
      rest = rest.dropFirst(word.count)
      skipBlanks(&rest)
      let (product, isTooLarge) = number.multipliedReportingOverflow(by: unit.seconds)
      let (sum, isTooLargeInAll) = total.addingReportingOverflow(product)
      guard !isTooLarge, !isTooLargeInAll else { return nil }
      total = sum
    }
    return total
  }

  private static func plain(_ text: String) -> Int64? { text.allSatisfy(isDigit) ? Int64(text) : nil }
  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
  private static func skipBlanks(_ text: inout Substring) { text = text.drop { $0 == " " } }
}

extension ParsedArguments {
  /// Whole seconds, of a plain number or a span such as `1h30m`.
  func seconds(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = value(name) else { return nil }
    guard let seconds = DurationArgument.seconds(text), let number = Int(exactly: seconds), range.contains(number) else {
      let spans = range.upperBound < 3600 ? "90s or 5m" : "90s, 10m, 1h or 2d"
      throw UsageError(
        message:
          "--\(name) \(text): a time from \(range.lowerBound) to \(range.upperBound) seconds is needed: a number of seconds, or a span such as \(spans)"
      )
    }
    return number
  }
}
