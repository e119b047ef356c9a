/// A pattern for paths: `*` any run of characters but "/", `**` any run, `?` one character but "/", `[a-z]` and `[!a-z]` one of a
/// set (or not), `{a,b}` either (nesting allowed), `\` takes the next character literally. `**/` at the start of a name also
/// matches nothing, so that `**/*.ts` matches "a.ts". A leading dot is not special. Characters are Unicode scalars, compared as
/// they are.
///
/// Matching takes time in proportion to the length of the pattern times that of the path, whatever they contain.
package struct Glob: Hashable, Sendable {
  package static let longestPattern = 1_024
  package static let deepestNesting = 16

  package let pattern: String
  let program: [GlobInstruction]
  /// Steps from which every continuation matches: a `**` that ends the pattern.
  let openEnds: Set<Int>

  package init(_ pattern: String) throws(GlobError) {
    self.pattern = pattern
    var parser = GlobParser(pattern)
    program = try parser.parse()
    openEnds = Self.openEnds(of: program)
  }

  /// Whether the whole path matches.
  package func matches(_ path: String) -> Bool {
    var run = GlobRun(program)
    for scalar in path.unicodeScalars {
      run.take(scalar)
      if run.isDead { return false }
    }
    return run.accepts
  }

  /// Whether every path below this directory matches, so that its content need not be examined.
  package func matchesEverything(below directory: String) -> Bool {
    guard !openEnds.isEmpty else { return false }
    var run = GlobRun(program)
    for scalar in directory.unicodeScalars {
      run.take(scalar)
      if run.isDead { return false }
    }
    run.take("/")
    return run.isAt(anyOf: openEnds)
  }

  /// Whether the pattern begins at the root of the file system.
  package var isAbsolute: Bool { pattern.utf8.first == UInt8(ascii: "/") }

  private static func openEnds(of program: [GlobInstruction]) -> Set<Int> {
    Set(
      program.indices.filter { index in
        guard program[index] == .anyRun else { return false }
        return GlobRun(program, startingAt: index).accepts
      })
  }
}
