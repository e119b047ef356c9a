internal import Glibc
internal import PupBasics
internal import PupConfig

/// What somebody meant who names a program where a process or nothing is expected: `pup run app.js`, `pup start "node app.js"`.
enum ProgramHint {
  /// "pup run -A -W app.js"; nil for what looks like no program.
  static func command(for words: [String]) -> String? {
    guard let first = words.first else { return nil }
    let line = words.joined(separator: " ")
    if words.count == 1, first.contains(" ") { return "pup run -A -C \(ShellWord.quoted(first))" }
    if isScript(first) { return "pup run -A -W \(ShellWord.quoted(line))" }
    if PathText.hasSlash(first), access(first, X_OK) == 0 {
      return "pup run -A -- \(words.map(ShellWord.quoted).joined(separator: " "))"
    }
    // "node app.js"
    if words.count > 1, words.dropFirst().contains(where: isScript) {
      return "pup run -A -- \(words.map(ShellWord.quoted).joined(separator: " "))"
    }
    return nil
  }

  private static func isScript(_ word: String) -> Bool {
    let name = PathText.name(of: word)
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
    return Interpreter.extensions.contains(name[name.index(after: dot)...].lowercased())
  }

}
