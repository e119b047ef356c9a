/// A JSON5 text and its tree. Nothing of the text is lost: anything not covered by a node is whitespace, punctuation or one of
/// `comments`, so an editor can replace or insert bytes at a node's range and leave everything else untouched.
package final class JSON5Document: Sendable {
  package static let depthLimit = 64
  package static let sizeLimit = 8 << 20

  package let bytes: [UInt8]
  /// Empty if not even a first value could be read.
  package let nodes: [JSON5Node]
  /// `//` and `/* */` comments in text order.
  package let comments: [Range<Int>]
  package let problems: [JSON5Problem]
  /// Brackets did not match: which value belongs to which object is a guess, so only `problems` should be reported.
  package let structureLost: Bool

  /// Parses a text. Never fails: errors are in `problems`, and the tree holds whatever could be read in spite of them.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if let problem = Self.unreadable(bytes) {
      nodes = []
      comments = []
      problems = [problem]
      structureLost = true
    } else {
      var parser = JSON5Parser(bytes)
      parser.parseDocument()
      nodes = parser.nodes
      comments = parser.comments
      problems = parser.problems
      structureLost = parser.structureLost
    }
  }

  package static let root = 0

  private static func unreadable(_ bytes: [UInt8]) -> JSON5Problem? {
    if bytes.count > sizeLimit {
      return JSON5Problem(
        offset: 0, what: "the file has \(bytes.count) bytes, more than the limit of \(sizeLimit)",
        fix: "check that it is the right file")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return JSON5Problem(offset: 0, what: "the file is UTF-16 text", fix: "save it as UTF-8")
    }
    if let zero = bytes.firstIndex(of: 0) {
      return JSON5Problem(
        offset: zero, what: "the file is binary (it contains a NUL byte)", fix: "give the path of a JSON5 text file")
    }
    if let bad = UTF8Check.firstInvalidByte(of: bytes) {
      return JSON5Problem(offset: bad, what: "the text is not valid UTF-8 from here", fix: "save the file as UTF-8")
    }
    return nil
  }
}
