/// Long reasons, such as why a program could not be started, are told once in a table.
enum RepeatedCause {
  /// What is shorter is read faster than looked up.
  static let least = 50

  /// "failed: as above; restarts in 3 s" where `told` has the same reason, else the cause itself.
  static func shortened(_ cause: String, after told: String) -> String {
    guard let (state, rest) = parts(cause), let (_, toldRest) = parts(told) else { return cause }
    var common = zip(rest, toldRest).prefix { $0 == $1 }.count
    // Up to where both are at the end of a part of the sentence.
    while common >= least, !(isBoundary(rest.dropFirst(common)) && isBoundary(toldRest.dropFirst(common))) { common -= 1 }
    guard common >= least else { return cause }
    return state + ": as above" + rest.dropFirst(common)
  }

  private static func isBoundary(_ rest: Substring) -> Bool { rest.isEmpty || rest.hasPrefix("; ") || rest.hasPrefix(", after ") }

  /// "failed: could not …" begins with the state, which the next one may not share.
  private static func parts(_ text: String) -> (state: Substring, rest: Substring)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let rest = text[colon...].dropFirst()
    return (text[..<colon], rest.hasPrefix(" ") ? rest.dropFirst() : rest)
  }
}
