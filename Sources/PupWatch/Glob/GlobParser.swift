/// Compiles a pattern.
struct GlobParser {
  private struct Brace {
    var column: Int
    /// The place of the split, whose targets are filled in when the brace closes.
    var split: Int
    var alternatives: [Int]
    /// The jumps at the ends of all alternatives but the last.
    var jumps: [Int] = []
    /// Whether a name begins where the brace begins, and where each alternative ends.
    var beganName: Bool
    var endsBeginName = true
  }

  private let pattern: String
  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var program: [GlobInstruction] = []
  private var braces: [Brace] = []
  /// Whether the next character is the first of a name.
  private var beginsName = true

  init(_ pattern: String) {
    self.pattern = pattern
    scalars = Array(pattern.unicodeScalars.prefix(Glob.longestPattern + 1))
  }

  mutating func parse() throws(GlobError) -> [GlobInstruction] {
    guard !scalars.isEmpty else { throw error(.empty, at: 0) }
    guard scalars.count <= Glob.longestPattern else { throw error(.tooLong(limit: Glob.longestPattern), at: Glob.longestPattern) }
    while position < scalars.count { try parseNext() }
    if let open = braces.last { throw error(.openBrace, at: open.column) }
    simplifyEnd()
    program.append(.accept)
    return program
  }

  private mutating func parseNext() throws(GlobError) {
    let scalar = scalars[position]
    position += 1
    switch scalar {
    case "*": parseStars()
    case "?": append(.anyInName)
    case "[": try parseSet()
    case "{": try openBrace()
    case ",":
      if braces.isEmpty { append(.character(scalar)) } else { nextAlternative() }
    case "}": try closeBrace()
    case "\\":
      guard position < scalars.count else { throw error(.loneEscape, at: position - 1) }
      try appendLiteral(scalars[position])
      position += 1
    default: try appendLiteral(scalar)
    }
  }

  private mutating func append(_ instruction: GlobInstruction) {
    program.append(instruction)
    beginsName = instruction == .character("/")
  }

  private mutating func appendLiteral(_ scalar: Unicode.Scalar) throws(GlobError) {
    guard scalar != "\0" else { throw error(.nulCharacter, at: position - 1) }
    append(.character(scalar))
  }

  private func error(_ problem: GlobError.Problem, at offset: Int) -> GlobError {
    GlobError(pattern: pattern, column: offset + 1, problem: problem)
  }

  // MARK: - Stars

  private mutating func parseStars() {
    guard position < scalars.count, scalars[position] == "*" else { return append(.anyRunInName) }
    while position < scalars.count, scalars[position] == "*" { position += 1 }
    guard beginsName, position < scalars.count, scalars[position] == "/" else { return append(.anyRun) }
    position += 1
    let split = program.count
    program += [.split([split + 1, split + 3]), .anyRun, .character("/")]
    beginsName = true
  }

  /// `**/*` at the end is the same as `**`, which is known to match everything.
  private mutating func simplifyEnd() {
    let start = program.count - 4
    guard start >= 0, program[start] == .split([start + 1, start + 3]) else { return }
    guard program[(start + 1)...] == [.anyRun, .character("/"), .anyRunInName] else { return }
    program.removeSubrange(start...)
    program.append(.anyRun)
  }

  // MARK: - Sets

  private mutating func parseSet() throws(GlobError) {
    let opening = position - 1
    var set = GlobSet()
    if position < scalars.count, scalars[position] == "!" || scalars[position] == "^" {
      set.isNegated = true
      position += 1
    }
    var isFirst = true
    while true {
      guard position < scalars.count else { throw error(.openSet, at: opening) }
      if scalars[position] == "]", !isFirst { break }
      isFirst = false
      if scalars[position] == "[", position + 1 < scalars.count, [":", ".", "="].contains(scalars[position + 1]) {
        throw error(.namedSet, at: position)
      }
      let low = try setMember(opening)
      guard position + 1 < scalars.count, scalars[position] == "-", scalars[position + 1] != "]" else {
        set.ranges.append(low...low)
        continue
      }
      position += 1
      let high = try setMember(opening)
      guard low <= high else { throw error(.reversedRange, at: position - 1) }
      set.ranges.append(low...high)
    }
    position += 1
    append(.set(set))
  }

  private mutating func setMember(_ opening: Int) throws(GlobError) -> Unicode.Scalar {
    if scalars[position] == "\\" {
      position += 1
      guard position < scalars.count else { throw error(.openSet, at: opening) }
    }
    let member = scalars[position]
    guard member != "/" else { throw error(.separatorInSet, at: position) }
    position += 1
    return member
  }

  // MARK: - Braces

  private mutating func openBrace() throws(GlobError) {
    guard braces.count < Glob.deepestNesting else {
      throw error(.nestedTooDeeply(limit: Glob.deepestNesting), at: position - 1)
    }
    let split = program.count
    program.append(.split([]))
    braces.append(Brace(column: position - 1, split: split, alternatives: [split + 1], beganName: beginsName))
  }

  private mutating func nextAlternative() {
    guard var brace = braces.popLast() else { return }
    simplifyEnd()
    brace.jumps.append(program.count)
    program.append(.jump(0))
    brace.alternatives.append(program.count)
    brace.endsBeginName = brace.endsBeginName && beginsName
    beginsName = brace.beganName
    braces.append(brace)
  }

  private mutating func closeBrace() throws(GlobError) {
    guard let brace = braces.popLast() else { throw error(.strayBrace, at: position - 1) }
    simplifyEnd()
    program[brace.split] = .split(brace.alternatives)
    for jump in brace.jumps { program[jump] = .jump(program.count) }
    beginsName = brace.endsBeginName && beginsName
  }
}
