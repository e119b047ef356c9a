/// Shell syntax in a place that no shell reads: a worker's words reach the script unchanged.
enum ShellSyntax {
  private static let operators: Set<String> = [
    "&&", "||", "|", "|&", ";", "&", "<", "<<", ">", ">>", ">|", "2>", "2>>", "&>", "&>>", "2>&1", "1>&2", ">&2",
  ]
  private static let redirections = [">", "1>", "2>", "&>"]

  /// The first word that only a shell would understand; nil if all of them may be meant literally.
  static func first(in words: [String]) -> String? {
    words.dropFirst().first { word in
      operators.contains(word) || redirections.contains { word.hasPrefix($0) && isPath(word.dropFirst($0.count)) }
        || isSubstitution(word)
    }
  }

  /// "NAME" of `NAME=value`, where the name of a program or script is expected.
  static func variable(_ word: String) -> String? {
    guard let equals = word.utf8.firstIndex(of: UInt8(ascii: "=")), let name = String(word.utf8[..<equals]),
      let first = name.utf8.first
    else { return nil }
    let isName = name.utf8.allSatisfy { isLetter($0) || isDigit($0) }
    return isName && !isDigit(first) ? name : nil
  }

  /// `>out.log`, `2>/dev/null`: anything that is not a path (`>=3`, `>5`) may be meant literally.
  private static func isPath(_ rest: Substring) -> Bool {
    let text = rest.hasPrefix(">") ? rest.dropFirst() : rest
    return text.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") } ?? false
  }

  private static func isSubstitution(_ word: String) -> Bool {
    (word.hasPrefix("$(") && word.hasSuffix(")")) || (word.utf8.count > 2 && word.hasPrefix("`") && word.hasSuffix("`"))
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
