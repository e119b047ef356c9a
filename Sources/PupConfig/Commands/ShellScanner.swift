/// Splits a simple command into assignments, redirections and words, and stops at anything beyond that.
struct ShellScanner {
  struct Word: Hashable {
    /// Byte offset of its start.
    var start: Int
    /// The word's value; nil if a shell has to expand it.
    var literal: String?
    var hasSlash: Bool
  }

  /// The command is not simple, or might not be.
  struct Stop: Error, Hashable {
    var reason: String
    /// The command line ends within quotation marks or brackets: a shell refuses it.
    var isUnclosed = false

    static func unclosed(_ mark: String) -> Stop { Stop(reason: "a \(mark) is not closed", isUnclosed: true) }
  }

  let bytes: [UInt8]
  var position = 0
  /// The program's name and its arguments.
  var words: [Word] = []
  /// Features that only a shell provides: "a variable", "a redirection".
  var needs: [String] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func scan() throws(Stop) {
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"):
        position += 1
      case UInt8(ascii: "\\") where peek(1) == UInt8(ascii: "\n"):
        position += 2
      case UInt8(ascii: "\n"):
        try scanEnd("a second line")
      case UInt8(ascii: ";"):
        // Assignments and redirections form a command by themselves.
        if (words.isEmpty && needs.isEmpty) || peek(1) == byte { throw Stop(reason: "`;` has no command before it") }
        try scanEnd("`;` joins several commands")
      case UInt8(ascii: "#"):
        skipComment()
      case UInt8(ascii: "&"):
        throw Stop(reason: peek(1) == byte ? "`&&` joins several commands" : "`&` runs a part in the background")
      case UInt8(ascii: "|"):
        throw Stop(reason: peek(1) == byte ? "`||` joins several commands" : "`|` makes it a pipeline")
      case UInt8(ascii: "("), UInt8(ascii: ")"):
        throw Stop(reason: "parentheses make it a subshell or a function")
      case UInt8(ascii: "<"), UInt8(ascii: ">"):
        try scanRedirection()
      default:
        try scanWordOrAssignment()
      }
    }
  }

  func peek(_ distance: Int = 0) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  mutating func need(_ what: String) {
    if !needs.contains(what) { needs.append(what) }
  }

  /// After a newline or `;`, only whitespace and comments may follow.
  private mutating func scanEnd(_ reason: String) throws(Stop) {
    position += 1
    if words.isEmpty, needs.isEmpty { return }
    while let byte = peek() {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"): position += 1
      case UInt8(ascii: "#"): skipComment()
      default: throw Stop(reason: reason)
      }
    }
  }

  private mutating func skipComment() {
    while let byte = peek(), byte != UInt8(ascii: "\n") { position += 1 }
  }

  private mutating func skipBlanks() {
    while true {
      if peek() == UInt8(ascii: " ") || peek() == UInt8(ascii: "\t") {
        position += 1
      } else if peek() == UInt8(ascii: "\\"), peek(1) == UInt8(ascii: "\n") {
        position += 2
      } else {
        return
      }
    }
  }

  /// `<`, `>`, `>>`, `<&`, `>&`, `<>`, `>|` and the word after it.
  private mutating func scanRedirection() throws(Stop) {
    if peek() == UInt8(ascii: "<"), peek(1) == UInt8(ascii: "<") { throw Stop(reason: "`<<` is a here-document") }
    position += 1
    if let byte = peek(), "<>&|".utf8.contains(byte) { position += 1 }
    skipBlanks()
    let target = position
    _ = try scanWord()
    if position == target { throw Stop(reason: "a redirection has no target") }
    need("a redirection")
  }

  private mutating func scanWordOrAssignment() throws(Stop) {
    let start = position
    let word = try scanWord()
    // In "2>", the digits are a descriptor, not an argument.
    if let next = peek(), next == UInt8(ascii: "<") || next == UInt8(ascii: ">"),
      bytes[start..<position].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    {
      return try scanRedirection()
    }
    if words.isEmpty, isAssignment(start..<position) {
      need("an assignment")
      return
    }
    if word.literal == nil { need(expansion(start..<position)) }
    words.append(word)
  }

  private func isAssignment(_ range: Range<Int>) -> Bool {
    guard let equals = bytes[range].firstIndex(of: UInt8(ascii: "=")), equals > range.lowerBound else { return false }
    let name = bytes[range.lowerBound..<equals]
    guard let first = name.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
    return name.allSatisfy { ShellScanner.isNameByte($0) }
  }

  private func expansion(_ range: Range<Int>) -> String {
    let word = bytes[range]
    if word.contains(UInt8(ascii: "$")) || word.contains(UInt8(ascii: "`")) { return "a variable or substitution" }
    return "a pattern"
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
