import PupWatch
import Testing

@Suite struct GlobErrorTests {
  @Test(arguments: [
    ("", 1, GlobError.Problem.empty), ("a\\", 2, .loneEscape), ("[", 1, .openSet), ("x[abc", 2, .openSet), ("[]", 1, .openSet),
    ("[a\\", 1, .openSet), ("[z-a]", 4, .reversedRange), ("[a/]", 3, .separatorInSet), ("[[:alpha:]]", 2, .namedSet),
    ("{a,b", 1, .openBrace), ("x{a,{b}", 2, .openBrace), ("a}", 2, .strayBrace), ("a\0", 2, .nulCharacter),
    (String(repeating: "{", count: 17), 17, .nestedTooDeeply(limit: 16)),
    (String(repeating: "a", count: 1025), 1025, .tooLong(limit: 1024)),
  ])
  func brokenPatterns(pattern: String, column: Int, problem: GlobError.Problem) {
    #expect(throws: GlobError(pattern: pattern, column: column, problem: problem)) { try Glob(pattern) }
  }

  @Test func messageNamesThePatternThePlaceAndTheWayOut() {
    let error = GlobError(pattern: "src/[a", column: 5, problem: .openSet)
    #expect("\(error)" == #"pattern "src/[a", column 5: "[" is not closed; write \[ for the character itself"#)
  }

  @Test func longPatternsAreCutInMessages() {
    let error = GlobError(pattern: String(repeating: "x", count: 5_000), column: 1025, problem: .tooLong(limit: 1024))
    #expect("\(error)".count < 300)
  }
}
