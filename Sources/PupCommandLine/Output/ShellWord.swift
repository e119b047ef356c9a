/// A word as a shell takes it, for commands that people are to copy.
enum ShellWord {
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        byte >= 0x80 || ("a"..."z").contains(Character(UnicodeScalar(byte | 0x20))) || "0123456789/._-+:,@=".utf8.contains(byte)
      }
    if isPlain { return word }
    return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
