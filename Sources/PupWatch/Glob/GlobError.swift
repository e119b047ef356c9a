/// Why a glob pattern cannot be used, and where.
package struct GlobError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Problem: Hashable, Sendable {
    case empty
    case tooLong(limit: Int)
    case nulCharacter
    case loneEscape
    case openSet
    case reversedRange
    case separatorInSet
    case namedSet
    case openBrace
    case strayBrace
    case nestedTooDeeply(limit: Int)
  }

  package var pattern: String
  /// Counted in characters of the pattern, from 1.
  package var column: Int
  package var problem: Problem

  package init(pattern: String, column: Int, problem: Problem) {
    self.pattern = pattern
    self.column = column
    self.problem = problem
  }

  /// `pattern "a[", column 2: "[" is not closed; write \[ for the character itself`
  package var description: String {
    let shown = pattern.count > 80 ? pattern.prefix(80) + "…" : pattern[...]
    return "pattern \"\(shown)\", column \(column): \(problem.text)"
  }
}

extension GlobError.Problem {
  fileprivate var text: String {
    switch self {
    case .empty: "the pattern is empty; write **/* for every file"
    case .tooLong(let limit): "the pattern is longer than \(limit) characters; split it into several"
    case .nulCharacter: "a path cannot contain a NUL character; remove it"
    case .loneEscape: "a backslash ends the pattern; write \\\\ for the character itself"
    case .openSet: "\"[\" is not closed; write \\[ for the character itself"
    case .reversedRange: "the range ends before it begins; swap its ends"
    case .separatorInSet: "\"/\" cannot be in a set, which stands for one character of a name; take it out"
    case .namedSet: "named sets are not supported; write the range, such as a-z"
    case .openBrace: "\"{\" is not closed; write \\{ for the character itself"
    case .strayBrace: "\"}\" closes nothing; write \\} for the character itself"
    case .nestedTooDeeply(let limit): "braces are nested more than \(limit) deep; write several patterns"
    }
  }
}
