/// What a command line means to a shell (POSIX, "Shell Command Language", as dash reads
/// it). Anything not understood for certain is `compound`, which always runs correctly.
enum ShellCommand: Hashable {
  struct Simple: Hashable {
    /// The exact arguments if they contain nothing to expand; otherwise nil, because only a shell can tell.
    var words: [String]?
    /// The command line, and the byte offset at which the program's name begins.
    var text: String
    var nameOffset: Int
    /// Why a shell is needed if `words` is nil.
    var reason: String

    /// The command line with `exec` before the program's name.
    var textWithExec: String {
      let name = text.utf8.index(text.startIndex, offsetBy: nameOffset)
      return text[..<name] + "exec " + text[name...]
    }
  }

  /// Nothing, or a comment.
  case empty
  /// One program.
  case simple(Simple)
  /// `exec program …`
  case replacesShell
  /// Needs a shell for its whole life.
  case compound(reason: String, isUnclosed: Bool = false)

  static func analyse(_ text: String) -> ShellCommand {
    var scanner = ShellScanner(Array(text.utf8))
    do throws(ShellScanner.Stop) {
      try scanner.scan()
    } catch {
      return .compound(reason: error.reason, isUnclosed: error.isUnclosed)
    }
    return classify(scanner, text)
  }

  private static func classify(_ scanner: ShellScanner, _ text: String) -> ShellCommand {
    guard let name = scanner.words.first else {
      return scanner.needs.isEmpty ? .empty : .compound(reason: "it only sets variables or redirects")
    }
    guard let literal = name.literal else {
      // A name with a slash cannot be a builtin, however the shell expands the rest.
      guard name.hasSlash else { return .compound(reason: "the shell has to expand the program's name") }
      return simple(scanner, name, text)
    }
    if literal == "exec", scanner.words.count > 1 { return .replacesShell }
    if ShellWords.builtins.contains(literal) { return .compound(reason: "`\(literal)` is built into the shell") }
    if ShellWords.reserved.contains(literal) { return .compound(reason: "`\(literal)` is a reserved word of the shell") }
    // bash would parse an option of `exec` here.
    if literal.isEmpty || literal.hasPrefix("-") { return .compound(reason: "the program's name is unusual") }
    return simple(scanner, name, text)
  }

  private static func simple(_ scanner: ShellScanner, _ name: ShellScanner.Word, _ text: String) -> ShellCommand {
    let literals = scanner.words.compactMap(\.literal)
    let isLiteral = literals.count == scanner.words.count && scanner.needs.isEmpty
    if isLiteral { return .simple(Simple(words: literals, text: text, nameOffset: name.start, reason: "")) }
    let reason = "a simple command with " + scanner.needs.joined(separator: ", ")
    return .simple(Simple(words: nil, text: text, nameOffset: name.start, reason: reason))
  }
}
